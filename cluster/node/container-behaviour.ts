import type { ContainerSpec } from '../reconcile/pod.ts';

/** What a container would do if it really ran, judged by its command alone. */
export type Behaviour =
  { readonly does: 'run' } | { readonly does: 'exit'; readonly code: number; readonly afterMs: number };

const run: Behaviour = { does: 'run' };
const exit = (code: number, afterMs = 0): Behaviour => ({ does: 'exit', code, afterMs });

const unitMs: Record<string, number> = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const quick: ReadonlySet<string> = new Set([
  'true',
  ':',
  'echo',
  'printf',
  'date',
  'env',
  'ls',
  'pwd',
  'cat',
  'hostname',
  'id',
  'uname',
  'mkdir',
  'touch',
  'cd',
  'export',
  'set',
]);

function sleepMs(amount = ''): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(amount);
  return match ? Number(match[1]) * (unitMs[match[2] ?? ''] ?? 1_000) : undefined;
}

function ofWords([program = '', ...args]: readonly string[]): Behaviour | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'false') return exit(1);
  if (quick.has(name)) return exit(0);
  if (name !== 'sleep') return undefined;
  const ms = sleepMs(args[0]);
  return ms === undefined ? run : exit(0, ms);
}

// `a; b && exit 3`: one after the other. Anything that is more of a program than that is not judged.
function ofScript(script: string): Behaviour | undefined {
  if (/[|`$(){}<]|\b(while|for|until|if|exec|trap)\b/.test(script)) return undefined;
  let afterMs = 0;
  let code = 0;
  for (const step of script
    .split(/;|&&|\n/)
    .map((one) => one.trim())
    .filter(Boolean)) {
    const words = step.replace(/\s*>.*$/, '').split(/\s+/);
    if (words[0] === 'exit') return exit(Number(words[1] ?? code) & 255, afterMs);
    const behaviour = ofWords(words);
    if (!behaviour || behaviour.does === 'run') return behaviour;
    afterMs += behaviour.afterMs;
    code = behaviour.code;
  }
  return exit(code, afterMs);
}

/**
 * What the container does, as far as its command tells: `true`, `false`, `sleep N`, `echo` and shell scripts of such.
 * Other commands, and images started without one, do what pods like theirs do: services run on, jobs and init steps
 * succeed after `taskMs`.
 */
export function behaviourOf(container: ContainerSpec, isTask: boolean, taskMs: number): Behaviour {
  // A process that reads its input waits for somebody to attach.
  if (container.stdin) return run;
  return ofCommand([...(container.command ?? []), ...(container.args ?? [])]) ?? (isTask ? exit(0, taskMs) : run);
}

function ofCommand(words: readonly string[]): Behaviour | undefined {
  const [program = '', flag = '', script = ''] = words;
  const isShell = /(^|\/)(sh|bash|ash)$/.test(program) && /^-\w*c$/.test(flag);
  return isShell ? ofScript(script) : ofWords(words);
}
