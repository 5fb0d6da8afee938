import { Worker } from 'node:worker_threads';
import { ApiError } from '@kit/base';
import type { Attachment, Batch, CommitLog, Loaded, Row } from './commit-log.ts';

type Answer =
  | { readonly type: 'rows'; readonly rows: readonly Row[] }
  | ({ readonly type: 'loaded' } & Omit<Loaded, 'rows'>)
  | { readonly type: 'unusable' | 'failed'; readonly problem: string }
  | { readonly type: 'committed' | 'backedUp' | 'closed' };

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** The log in one SQLite file, written by a thread of its own, which answers in the order it is asked. */
export class SqliteLog implements CommitLog {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #rows: Row[] = [];
  readonly #waiting: Waiting[] = [];
  #state: Omit<Loaded, 'rows'> = { floor: 0, revision: 0, mode: '' };
  #dead: Error | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#worker = new Worker(new URL('./commit-worker.js', import.meta.url), { workerData: { path } });
    this.#worker.on('message', (answer: Answer) => this.#onAnswer(answer));
    this.#worker.on('error', (cause) => this.#onDeath(cause));
    this.#worker.on('exit', () => this.#onDeath(undefined));
  }

  async load(): Promise<Loaded> {
    await this.#answered();
    return { rows: this.#rows.splice(0), ...this.#state };
  }

  commit(batch: Batch): Promise<void> {
    const committed = this.#answered();
    this.#worker.postMessage({ type: 'commit', batch });
    return committed;
  }

  backup(file: string, attachments: readonly Attachment[]): Promise<void> {
    const backedUp = this.#answered();
    this.#worker.postMessage({ type: 'backup', file, attachments });
    return backedUp;
  }

  async close(): Promise<void> {
    if (this.#dead) return;
    const closed = this.#answered();
    this.#worker.postMessage({ type: 'close' });
    await closed;
    await this.#worker.terminate();
  }

  #answered(): Promise<void> {
    if (this.#dead) return Promise.reject(this.#dead);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #onAnswer(answer: Answer): void {
    if (answer.type === 'rows') {
      for (const row of answer.rows) this.#rows.push(row);
      return;
    }
    const waiting = this.#waiting.shift();
    if (answer.type === 'loaded') this.#state = answer;
    if (answer.type === 'unusable' || answer.type === 'failed') {
      const doing = answer.type === 'unusable' ? 'open' : 'write to';
      const error = new ApiError(
        'ServiceUnavailable',
        `cannot ${doing} the cluster's database "${this.#path}": ${answer.problem}`,
      );
      if (answer.type === 'unusable') this.#dead = error;
      return waiting?.reject(error);
    }
    waiting?.resolve();
  }

  #onDeath(cause: unknown): void {
    this.#dead ??= new ApiError('ServiceUnavailable', `the thread that writes "${this.#path}" has ended`, { cause });
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#dead);
  }
}
