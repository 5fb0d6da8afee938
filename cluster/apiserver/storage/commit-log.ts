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
}

/** The port behind which revisions become durable. `commit` resolves when the batch is safe. */
export interface CommitLog {
  load(): Promise<Loaded>;
  commit(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

/** A log that forgets: for tests and trials. */
export const memoryLog: CommitLog = {
  load: () => Promise.resolve({ rows: [], floor: 0, revision: 0 }),
  commit: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
