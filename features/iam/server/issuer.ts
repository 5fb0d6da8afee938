import { ApiError } from '@kit/base';
import type { SignInConfig } from './sign-in-config.ts';

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/**
 * Where this platform is reached from outside: as configured, or the loopback address that the request itself used. The
 * name in a request is never believed for anything else: whoever sends it would choose where codes and tokens go.
 */
export async function externalUrlOf(config: SignInConfig, host: string | undefined): Promise<string> {
  const { externalUrl } = await config.settings();
  if (externalUrl !== '') return externalUrl;
  if (host !== undefined && loopback.test(host)) return `http://${host}`;
  throw new ApiError(
    'ServiceUnavailable',
    'this platform does not know where it is reached from outside; an administrator sets externalUrl at /kapis/iam.freehold.io/v1alpha1/signinsettings',
  );
}

/** The `iss` of id_tokens: the discovery document is below it. */
export async function issuerOf(config: SignInConfig, host: string | undefined): Promise<string> {
  return `${await externalUrlOf(config, host)}/oauth`;
}
