import { ApiError } from '@kit/base';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Begun, Identity, RedirectProvider } from './provider.ts';
import { providerFetch, unreachable } from './provider-fetch.ts';

/** The settings of a CAS server, by KubeSphere's names. */
export const casSettings = Type.Object({
  casServerURL: Type.String({ pattern: '^https?://' }),
  redirectURL: Type.Optional(Type.String({ maxLength: 2048 })),
  insecureSkipVerify: Type.Optional(Type.Boolean()),
  rootCAData: Type.Optional(Type.String()),
});

/** CAS protocol 3.0: the browser comes back with a ticket, which the server is asked about. */
export function casProvider(settings: Static<typeof casSettings>): RedirectProvider {
  const call = providerFetch(settings);
  const base = settings.casServerURL.replace(/\/+$/, '');
  return {
    kind: 'redirect',
    begin: (begun) => Promise.resolve(`${base}/login?${new URLSearchParams({ service: serviceOf(begun) }).toString()}`),
    async finish(begun, answer) {
      const ticket = answer.get('ticket') ?? '';
      if (answer.get('state') !== begun.state || ticket === '')
        throw new ApiError('Unauthorized', 'the identity provider did not confirm who you are');
      const query = new URLSearchParams({ service: serviceOf(begun), ticket });
      const response = await call(`${base}/p3/serviceValidate?${query.toString()}`).catch((cause: unknown) => {
        throw unreachable(cause);
      });
      return identityOf(await response.text());
    },
  };
}

/** The address a ticket is for; CAS has no state of its own, so it is part of the address. */
function serviceOf({ callbackUrl, state }: Begun): string {
  return `${callbackUrl}${callbackUrl.includes('?') ? '&' : '?'}${new URLSearchParams({ state }).toString()}`;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The user in a `serviceResponse`. An answer that is not plainly a success is a failure. */
export function identityOf(xml: string): Identity {
  const success = /<cas:authenticationSuccess>([\s\S]*)<\/cas:authenticationSuccess>/.exec(xml)?.[1];
  const field = (...names: string[]): string | undefined => {
    for (const name of names) {
      const found = new RegExp(`<cas:${name}>([^<]*)</cas:${name}>`).exec(success ?? '')?.[1];
      if (found) return found.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '').trim();
    }
    return undefined;
  };
  const user = field('user');
  if (success === undefined || !user)
    throw new ApiError('Unauthorized', 'the identity provider did not confirm who you are');
  const email = field('mail', 'email');
  const displayName = field('displayName', 'cn');
  return { uid: user, username: user, ...(email ? { email } : {}), ...(displayName ? { displayName } : {}) };
}
