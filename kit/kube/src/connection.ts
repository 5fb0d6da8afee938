import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '@kit/base';
import type { Secret } from '@kit/base';

/** How to reach one API server, and as whom. */
export interface Connection {
  /** `https://host:port`, possibly with a path in front of the API. */
  readonly server: string;
  /** The authorities the server's certificate may come from; without it, those of Node. */
  readonly caPem?: string;
  /** The name the certificate must have, where it is not the host's. */
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  readonly clientCertificatePem?: string;
  readonly clientKeyPem?: Secret;
  readonly token?: Secret;
  /** Read again as it is replaced; wins over `token`. */
  readonly tokenFile?: string;
  readonly basic?: { readonly username: string; readonly password: Secret };
  /** The namespace of the context, if it names one. */
  readonly namespace?: string;
}

/** Where every pod finds its service account. */
const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The connection of a pod to its own cluster, from its environment; `undefined` outside of one. */
export function inClusterConnection(
  env: Readonly<Record<string, string | undefined>>,
  folder = serviceAccountFolder,
): Connection | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) return undefined;
  try {
    return {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      caPem: readFileSync(join(folder, 'ca.crt'), 'utf8'),
      tokenFile: join(folder, 'token'),
      namespace: readFileSync(join(folder, 'namespace'), 'utf8').trim(),
    };
  } catch (cause) {
    throw new ApiError('ServiceUnavailable', `this pod has no service account in "${folder}": mount its token`, {
      cause,
    });
  }
}
