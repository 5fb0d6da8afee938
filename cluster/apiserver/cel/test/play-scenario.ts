/** One request of a scenario. */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Sets the stage; what comes back is not compared. */
  readonly silent?: boolean;
}

/** Requests that belong together; what they have made is taken away by `after`. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly after?: readonly Step[];
}

export interface Answered {
  readonly status: number;
  readonly warning: string | undefined;
  readonly body: unknown;
}

export type Call = (step: Step) => Promise<Answered>;

const volatile = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'generation', 'selfLink']);

/** Without what differs from run to run: times, ids, and the names that types get. */
function settled(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replace(/selfType\d+/g, 'selfType').replace(/\b([A-Z][A-Za-z]+)\d{5,}/g, '$1#');
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !volatile.has(name))
      .map(([name, item]) => [name, settled(item)]),
  );
}

/** What is kept of an answer: of a refusal all, of an object what a policy could have changed. */
function kept({ status, warning, body }: Answered): unknown {
  const { kind, message, reason, details, metadata, spec, data } = body as Record<string, unknown>; // an object of the API
  const shown =
    kind === 'Status'
      ? { message, reason, details }
      : status < 300
        ? { metadata, data, ...(kind === 'Thing' && { spec }) }
        : {};
  return settled({ status, ...(warning && { warning }), ...shown });
}

const longestWait = 20_000;
const pause = 200;

/** A stage is set when the server takes it, which for a kind just defined can last a moment. */
async function setStage(call: Call, step: Step): Promise<void> {
  for (const until = Date.now() + longestWait; ;) {
    const { status, body } = await call(step);
    if (status < 300 || status === 409 || (step.method === 'DELETE' && status === 404)) return;
    if (Date.now() > until) throw new Error(`${step.method} ${step.path}: ${status} ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Plays a scenario; `settle` waits until what was set up is in force. */
export async function play(
  call: Call,
  { steps, after = [] }: Scenario,
  settle: () => Promise<void>,
): Promise<unknown[]> {
  const answers: unknown[] = [];
  let staged = false;
  try {
    for (const step of steps) {
      if (step.silent) {
        await setStage(call, step);
        staged = true;
        continue;
      }
      if (staged) await settle();
      staged = false;
      answers.push(kept(await call(step)));
    }
  } finally {
    for (const step of after) await setStage(call, step);
  }
  return answers;
}
