/** The parts of a Kubernetes object that following it needs. */
export interface LiveObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

export type WatchEvent<T> = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T };

export type Connection = 'connecting' | 'live' | 'lost';

/** What a watch needs of a WebSocket; the browser's own fits. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface WatchOptions<T> {
  /** URL without `watch` and `resourceVersion`. */
  readonly url: URL;
  /** Where to start; the watch then goes on from what it has seen. */
  readonly resourceVersion: string;
  readonly onEvents: (events: readonly WatchEvent<T>[]) => void;
  readonly onConnection: (state: Connection) => void;
  /** The server no longer knows where this watch was: list again and start a new one. The watch has ended. */
  readonly onExpired: () => void;
  readonly connect?: (url: URL) => Socket;
  /** Calls back once a frame; events in between travel together. */
  readonly schedule?: (flush: () => void) => void;
}

type Frame<T> =
  | WatchEvent<T>
  | { readonly type: 'BOOKMARK'; readonly object: LiveObject }
  | { readonly type: 'ERROR'; readonly object: { readonly code?: number } };

const firstDelayMs = 500;
const longestDelayMs = 15_000;

function browserSocket(url: URL): Socket {
  return new WebSocket(url) as Socket; // its handler types are narrower by the event's own class only
}

/** Follows a list over a WebSocket: resumes after a break, tells when it has to be listed again. Ends with `close`. */
export class WatchSocket<T extends LiveObject> {
  readonly #options: WatchOptions<T>;
  #resourceVersion: string;
  #socket: Socket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #closed = false;
  #batch: WatchEvent<T>[] = [];

  constructor(options: WatchOptions<T>) {
    this.#options = options;
    this.#resourceVersion = options.resourceVersion;
    this.#open();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  #open(): void {
    const url = new URL(this.#options.url);
    url.searchParams.set('watch', 'true');
    url.searchParams.set('allowWatchBookmarks', 'true');
    url.searchParams.set('resourceVersion', this.#resourceVersion);
    const socket = (this.#options.connect ?? browserSocket)(url);
    this.#socket = socket;
    socket.onopen = () => this.#closed || this.#options.onConnection('live');
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onclose = () => this.#reopenLater();
  }

  #reopenLater(): void {
    if (this.#closed) return;
    this.#options.onConnection('lost');
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#open(), delayMs);
  }

  #receive(text: string): void {
    if (this.#closed) return;
    const frame = JSON.parse(text) as Frame<T>; // the server's watch protocol: one event a frame
    if (frame.type === 'ERROR') return this.#fail(frame.object.code);
    this.#failures = 0;
    this.#resourceVersion = frame.object.metadata.resourceVersion ?? this.#resourceVersion;
    if (frame.type === 'BOOKMARK') return;
    if (this.#batch.length === 0) this.#schedule();
    this.#batch.push(frame);
  }

  #fail(code: number | undefined): void {
    if (code !== 410) return this.#socket?.close();
    this.close();
    this.#options.onExpired();
  }

  #schedule(): void {
    const schedule = this.#options.schedule ?? ((flush) => void setTimeout(flush, 16));
    schedule(() => {
      const batch = this.#batch;
      this.#batch = [];
      if (!this.#closed) this.#options.onEvents(batch);
    });
  }
}

/** Later versions of one object have larger numbers (Kubernetes promises the order since 1.35, and has always kept it). */
export function isNewer(candidate: LiveObject, known: LiveObject): boolean {
  const [a, b] = [candidate.metadata.resourceVersion ?? '', known.metadata.resourceVersion ?? ''];
  return a.length === b.length ? a > b : a.length > b.length;
}

/** The version from which a watch misses nothing of these objects: the newest among them. */
export function newestVersion(objects: readonly LiveObject[]): string | undefined {
  const newest = objects.reduce<LiveObject | undefined>(
    (best, next) => (best && !isNewer(next, best) ? best : next),
    undefined,
  );
  return newest?.metadata.resourceVersion;
}
