import type { Clock } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import { Configuration } from '../container/configuration.ts';

interface Issued {
  readonly token: string;
  readonly renewMs: number;
}

/** What pods are configured with; a pod keeps its token until most of its time has gone. */
export class NodeConfiguration extends Configuration {
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Issued>();

  constructor(client: ClusterClient, clock: Clock) {
    super(client);
    this.#clock = clock;
  }

  override async token(namespace: string, account: string, request: object): Promise<string> {
    const key = JSON.stringify([namespace, account, request]);
    const nowMs = this.#clock.now();
    const known = this.#tokens.get(key);
    if (known && known.renewMs > nowMs) return known.token;
    const token = await super.token(namespace, account, request);
    const { expirationSeconds = 3600 } = request as { expirationSeconds?: number }; // a TokenRequest's spec
    this.#forgetOld(nowMs);
    this.#tokens.set(key, { token, renewMs: nowMs + Math.min(expirationSeconds * 800, 24 * 3_600_000) });
    return token;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { renewMs }] of this.#tokens) if (renewMs <= nowMs) this.#tokens.delete(key);
  }
}
