import type { ContainerSpec } from '../reconcile/pod.ts';
import { commandOf, isRunnable } from './container/runnable-command.ts';

/** What a container would do if it really ran, judged by its command alone. */
export type Behaviour =
  | { readonly does: 'run' }
  | { readonly does: 'exit'; readonly code: number; readonly afterMs: number }
  /** Its command is really run, and tells how it ends. */
  | { readonly does: 'script' };

const run: Behaviour = { does: 'run' };
const exit = (code: number, afterMs = 0): Behaviour => ({ does: 'exit', code, afterMs });

const unitMs: Record<string, number> = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
function sleepMs(amount = ''): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(amount);
  return match ? Number(match[1]) * (unitMs[match[2] ?? ''] ?? 1_000) : undefined;
}

function ofWords([program = '', ...args]: readonly string[]): Behaviour | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'false') return exit(1);
  if (name === 'true' || name === ':') return exit(0);
  if (name !== 'sleep') return undefined;
  const ms = sleepMs(args[0]);
  return ms === undefined ? run : exit(0, ms);
}

/**
 * What the container does, as far as its command tells. `true`, `false` and `sleep N` need nobody to run them; other
 * commands the shell in memory knows are run. The rest, and images started without a command, do what pods like theirs
 * do: services run on, jobs and init steps succeed after `taskMs`.
 */
export function behaviourOf(container: ContainerSpec, isTask: boolean, taskMs: number): Behaviour {
  // A process that reads its input waits for somebody to attach.
  if (container.stdin) return run;
  const judged = ofWords(commandOf(container));
  if (judged) return judged;
  if (isRunnable(container)) return { does: 'script' };
  return isTask ? exit(0, taskMs) : run;
}
