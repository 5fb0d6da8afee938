/** The pod addresses of one node: a /24, of which the first is the node's own end. */
export class AddressPool {
  readonly cidr: string;
  readonly #prefix: string;
  readonly #taken = new Map<number, string>();
  #next = 2;

  /** `index` counts nodes from 0. */
  constructor(index: number) {
    this.#prefix = `10.${244 + (index >> 8)}.${index & 255}.`;
    this.cidr = `${this.#prefix}0/24`;
  }

  /** The address of the pod with this uid; `wanted`, if it has one already and it is free. */
  take(uid: string, wanted?: string): string {
    const host = this.#hostOf(wanted);
    if (host !== undefined && (this.#taken.get(host) ?? uid) === uid) return this.#give(host, uid);
    for (let tries = 0; tries < 253; tries++) {
      const candidate = this.#next;
      this.#next = this.#next >= 254 ? 2 : this.#next + 1;
      if (!this.#taken.has(candidate)) return this.#give(candidate, uid);
    }
    throw new Error(`no pod address is left in ${this.cidr}`);
  }

  release(ip: string, uid: string): void {
    const host = this.#hostOf(ip);
    if (host !== undefined && this.#taken.get(host) === uid) this.#taken.delete(host);
  }

  #hostOf(ip: string | undefined): number | undefined {
    const host = ip?.startsWith(this.#prefix) ? Number(ip.slice(this.#prefix.length)) : Number.NaN;
    return host >= 2 && host <= 254 ? host : undefined;
  }

  #give(host: number, uid: string): string {
    this.#taken.set(host, uid);
    return `${this.#prefix}${host}`;
  }
}
