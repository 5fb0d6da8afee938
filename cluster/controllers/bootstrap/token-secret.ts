import type { ClusterObject } from '../../client.ts';

/** The secret of a token with which machines join. */
export type BootstrapSecret = ClusterObject & { type?: string; data?: Record<string, string> };

export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
  readonly forSigning: boolean;
  /** `undefined`: never; a time that cannot be read has passed. */
  readonly expiresAtMs: number | undefined;
}

const secretType = 'bootstrap.kubernetes.io/token';
const prefix = 'bootstrap-token-';

/** The token of a secret, or nothing where it is no such secret or its parts do not fit together. */
export function bootstrapToken({ type, metadata, data = {} }: BootstrapSecret): BootstrapToken | undefined {
  const field = (name: string): string => Buffer.from(data[name] ?? '', 'base64').toString();
  const [id, secret, expiration] = [field('token-id'), field('token-secret'), field('expiration')];
  if (type !== secretType || metadata.namespace !== 'kube-system' || metadata.name !== prefix + id || !secret)
    return undefined;
  const expires = Date.parse(expiration);
  return {
    id,
    secret,
    forSigning: field('usage-bootstrap-signing') === 'true',
    expiresAtMs: expiration === '' ? undefined : Number.isNaN(expires) ? 0 : expires,
  };
}
