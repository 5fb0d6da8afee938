import { Agent, request } from 'undici';

/** Where a watcher watches, and what it puts up with. */
export interface WatcherOptions {
  readonly url: string;
  readonly token: string;
  readonly namespace: string;
  /** Reads so slowly that its connection is always full. */
  readonly isSlow: boolean;
  /** How long a connection is kept before it is cut. */
  readonly cutAfterMs: () => number;
}

interface WatchEvent {
  readonly type: string;
  readonly object: {
    readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
    readonly data?: { readonly sequence?: string };
    readonly code?: number;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Watches, is cut off, resumes, and counts on: each object's sequence has to go up by one, whatever happens between. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #agent = new Agent({ connections: 1, pipelining: 1, bodyTimeout: 0 });
  readonly sequences = new Map<string, number>();
  readonly problems: string[] = [];
  events = 0;
  relists = 0;
  /** How the last connection ended, for who asks why nothing came. */
  lastEnd = '';
  #version: string | undefined;
  #stopped = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (this.#version === undefined) await this.#list();
        await this.#watch();
      } catch (error) {
        this.lastEnd = String(error);
        await pause(50); // cut off, by itself or by the server
      }
    }
    await this.#agent.destroy();
  }

  stop(): void {
    this.#stopped = true;
  }

  get #path(): string {
    return `${this.#options.url}/api/v1/namespaces/${this.#options.namespace}/configmaps`;
  }

  async #list(): Promise<void> {
    const { body } = await request(this.#path, { dispatcher: this.#agent, headers: this.#headers });
    const list = (await body.json()) as { metadata: { resourceVersion: string }; items: WatchEvent['object'][] }; // a list of Kubernetes
    for (const { metadata, data } of list.items) this.sequences.set(metadata?.name ?? '', Number(data?.sequence ?? 0));
    this.#version = list.metadata.resourceVersion;
    this.relists++;
  }

  get #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#options.token}` };
  }

  async #watch(): Promise<void> {
    const cut = AbortSignal.timeout(Math.round(this.#options.cutAfterMs()));
    const path = `${this.#path}?watch=1&allowWatchBookmarks=true&resourceVersion=${this.#version ?? ''}`;
    const { body, statusCode } = await request(path, { dispatcher: this.#agent, headers: this.#headers, signal: cut });
    if (statusCode === 410) this.#version = undefined;
    if (statusCode !== 200) throw new Error(`the watch answered ${statusCode}: ${await body.text()}`);
    let rest = '';
    const chunks = body as AsyncIterable<Buffer>; // cast: no encoding is set on it
    for await (const chunk of chunks) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        this.#take(JSON.parse(line) as WatchEvent); // cast: a line of a watch
      }
      if (this.#options.isSlow) await pause(20);
      if (this.#stopped) return;
    }
  }

  #take({ type, object }: WatchEvent): void {
    if (type === 'ERROR') {
      this.#version = undefined; // too far behind: a list says where things stand
      throw new Error(`the watch ended with ${object.code}`);
    }
    this.#version = object.metadata?.resourceVersion ?? this.#version;
    if (type !== 'BOOKMARK') this.#count(object);
  }

  #count({ metadata, data }: WatchEvent['object']): void {
    this.events++;
    const name = metadata?.name ?? '';
    const [before, now] = [this.sequences.get(name), Number(data?.sequence ?? 0)];
    if (before !== undefined && now !== before + 1) this.problems.push(`${name}: ${before} was followed by ${now}`);
    this.sequences.set(name, now);
  }
}
