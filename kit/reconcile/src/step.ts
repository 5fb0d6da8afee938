/** The step has made its part of the world as it should be; the next one runs. */
export interface Done {
  readonly kind: 'done';
}

/** The step cannot go on before something else is there; the object is looked at again by then at the latest. */
export interface Waiting {
  readonly kind: 'waiting';
  readonly on: string;
  readonly seconds: number;
}

/** The step cannot go on until somebody changes something; nothing is tried again before an event. */
export interface Stalled {
  readonly kind: 'stalled';
  readonly reason: string;
  readonly message: string;
}

export type StepResult = Done | Waiting | Stalled;

/**
 * One thing that must be true of an object. It reads state and never events, is safe to repeat, does not change
 * `object`, and throws to be tried again with growing pauses.
 */
export type Step<T, Deps> = (object: T, deps: Deps) => StepResult | Promise<StepResult>;

export const done: Done = { kind: 'done' };

/** `on` names what is missing the way a user would: `workspace/acme`. */
export function waiting(on: string, seconds: number): Waiting {
  return { kind: 'waiting', on, seconds };
}

/** `reason` is a documented CamelCase word, `message` a stable sentence for the user. */
export function stalled(reason: string, message: string): Stalled {
  return { kind: 'stalled', reason, message };
}

/** How a run over all steps ended. */
export type Outcome = StepResult | { readonly kind: 'failed'; readonly error: unknown };

/** Runs the steps in order until one does not end as `done`; a throw is an outcome like the others. */
export async function runSteps<T, Deps>(steps: readonly Step<T, Deps>[], object: T, deps: Deps): Promise<Outcome> {
  try {
    for (const step of steps) {
      const result = await step(object, deps);
      if (result.kind !== 'done') return result;
    }
    return done;
  } catch (error) {
    return { kind: 'failed', error };
  }
}
