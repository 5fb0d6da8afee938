import { setTimeout as sleep } from 'node:timers/promises';
import { normalise } from './normalise.ts';
import type { Recorded, Request, Step, Wait } from './scenario.ts';

export interface Place {
  readonly url: string;
  readonly adminPassword: string;
  /** Images that this cluster can run, by the names the scenario gives. */
  readonly images?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

function at(value: unknown, pointer: string): unknown {
  const words = pointer.split('/').slice(1);
  return words.reduce<unknown>(
    (inner, word) => (inner as Record<string, unknown> | undefined)?.[word.replaceAll('~1', '/')],
    value,
  );
}

function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null) return patch;
  const base = typeof target === 'object' && target !== null ? target : {};
  const changed = Object.entries(patch).map(([key, value]) => [
    key,
    merged((base as Record<string, unknown>)[key], value),
  ]);
  return { ...base, ...(Object.fromEntries(changed) as object) };
}

/** Sends the requests of the scenario one after another, and keeps the credentials that they win. */
class Run {
  readonly #place: Place;
  readonly #words = new Map<string, string>();
  constructor(place: Place) {
    this.#place = place;
    this.#words.set('admin.password', encodeURIComponent(place.adminPassword));
    this.#words.set('admin.basic', Buffer.from(`admin:${place.adminPassword}`).toString('base64'));
  }

  #filled(text: string): string {
    return text.replaceAll(/\{\{([\w.]+)\}\}/g, (_all, word: string) => this.#words.get(word) ?? '');
  }

  /** The words that stand for this cluster's images, or the other way round. */
  #translated(text: string, isAnswer: boolean): string {
    return Object.entries(this.#place.images ?? {}).reduce((result, [theirs, ours]) => {
      const [from, to] = isAnswer ? [ours, theirs] : [theirs, ours];
      return result.replaceAll(`"${from}"`, `"${to}"`);
    }, text);
  }

  async ask(request: Pick<Request, 'as' | 'method' | 'path' | 'headers' | 'body'>): Promise<Answer> {
    const { as, method, path, headers = {}, body } = request;
    const token = as === undefined ? undefined : this.#words.get(`${as}.access_token`);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(new URL(path, this.#place.url), {
      method,
      headers: {
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, this.#filled(value)])),
      },
      ...(text === undefined ? {} : { body: this.#translated(this.#filled(text), false) }),
      signal: AbortSignal.timeout(20_000),
    });
    const answer = this.#translated(await response.text(), true);
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    return { status: response.status, type, body: parsed(answer) };
  }

  /** Reads, changes and writes; again when somebody else has written in between, as every client must. */
  async #edit(request: Request, patch: unknown): Promise<Answer> {
    const { as, path } = request;
    for (let attempt = 1; ; attempt += 1) {
      const { body } = await this.ask({ ...(as ? { as } : {}), method: 'GET', path });
      const answer = await this.ask({ ...request, body: merged(body, patch) });
      if (answer.status !== 409 || attempt === 5) return answer;
    }
  }

  async send(request: Request): Promise<Answer> {
    const { edit, signsIn } = request;
    const answer = await (edit ? this.#edit(request, edit) : this.ask(request));
    for (const word of ['access_token', 'refresh_token'])
      if (signsIn) this.#words.set(`${signsIn}.${word}`, String(at(answer.body, `/${word}`)));
    return answer;
  }

  async wait({ until }: Wait): Promise<void> {
    const { status = 200, at: pointer, is, ...request } = until;
    const deadline = Date.now() + 30_000;
    for (;;) {
      const answer = await this.ask({ ...request, method: 'GET' });
      const found = pointer === undefined ? is : at(answer.body, pointer);
      if (answer.status === status && JSON.stringify(found) === JSON.stringify(is)) return;
      if (Date.now() > deadline)
        throw new Error(
          `${until.path} is not ${status} ${JSON.stringify(is)}: ${answer.status} ${JSON.stringify(found)}`,
        );
      await sleep(100);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Plays the scenario against a fresh platform; its answers have the form of the recorded ones. */
export async function runScenario(place: Place, steps: readonly Step[]): Promise<Recorded[]> {
  const run = new Run(place);
  const answers: Recorded[] = [];
  for (const step of steps) {
    if ('until' in step) await run.wait(step);
    else if ('beginsWith' in step) await sleep(1000 - (Date.now() % 1000));
    else {
      const { status, type, body } = await run.send(step);
      const { name, as = '-', method, path } = step;
      answers.push({ name, as, req: `${method} ${path}`, status, type, body: normalise(body) });
    }
  }
  return answers;
}
