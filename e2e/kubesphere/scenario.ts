import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One request; `{{user.word}}` in it stands for a credential of this run. */
export interface Request {
  readonly name: string;
  /** Whose token is sent; absent: nobody's. */
  readonly as?: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is read first, changed by this merge patch, and sent as the body. */
  readonly edit?: Readonly<Record<string, unknown>>;
  /** The answer's token is this user's from here on. */
  readonly signsIn?: string;
}

/** Waits until a controller has done its part: an answer has this status and, at that JSON pointer, this value. */
export interface Wait {
  readonly until: {
    readonly as: string;
    readonly path: string;
    readonly status?: number;
    readonly at?: string;
    readonly is?: unknown;
  };
}

/** Lists are in the order of creation, to the second: what follows is created within one. */
export interface Alignment {
  readonly beginsWith: 'a second';
}

export type Step = Request | Wait | Alignment;

export interface Recorded {
  readonly name: string;
  readonly as: string;
  readonly req: string;
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

function lines<T>(name: string): T[] {
  const text = readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T); // data of this folder
}

/** The 295 requests, in order, with the waits between them. */
export const scenario: readonly Step[] = lines<Step>('scenario.jsonl');

/** What the ks-apiserver of KubeSphere 3.4 answered to each of them, on Kubernetes 1.36 with three simulated nodes. */
export const recorded: readonly Recorded[] = lines<Recorded>('recorded-3.4.jsonl');
