import { ApiError } from '@kit/base';

/** One row of the log: the value an object took at a revision; a deletion keeps the last value. */
export interface Row {
  readonly revision: number;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly deleted: boolean;
  readonly value: string;
}

/** What one commit does, all of it or nothing. */
export interface Batch {
  readonly rows: readonly Row[];
  /** Revisions nobody can ask for any more. */
  readonly drop: readonly number[];
  /** The oldest revision whose state and later events are complete. */
  readonly floor: number;
}

/** What was found at start: every row from `floor` on and the older ones that are still current, in order. */
export interface Loaded {
  readonly rows: readonly Row[];
  readonly floor: number;
  /** The newest revision ever given out. */
  readonly revision: number;
  /** When a commit is safe, in the words of what keeps it. */
  readonly mode: string;
}

/** A small file that belongs to the cluster though it lies beside the log, such as a key. */
export interface Attachment {
  readonly name: string;
  readonly content: string;
}

/** The port behind which revisions become durable. `commit` resolves when the batch is safe. */
export interface CommitLog {
  load(): Promise<Loaded>;
  commit(batch: Batch): Promise<void>;
  /** Copies everything that is committed into a new file, attachments included. */
  backup(file: string, attachments: readonly Attachment[]): Promise<void>;
  close(): Promise<void>;
}

/** A log that forgets: for tests and trials. */
export const memoryLog: CommitLog = {
  load: () => Promise.resolve({ rows: [], floor: 0, revision: 0, mode: 'memory' }),
  commit: () => Promise.resolve(),
  backup: () =>
    Promise.reject(
      new ApiError('BadRequest', 'this cluster keeps everything in memory, so there is nothing to back up'),
    ),
  close: () => Promise.resolve(),
};
