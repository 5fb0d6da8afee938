/** What the annotations of a pod wish for its simulation, see `cluster/node/README.md`. */
export interface SimulationWishes {
  /** The main containers end with this code, after `exitAfterMs`. */
  readonly exitCode: number | undefined;
  readonly exitAfterMs: number;
  /** How much longer containers take to start, and to become ready. */
  readonly startDelayMs: number;
  readonly readyDelayMs: number;
  readonly neverReady: boolean;
}

const prefix = 'node.cluster.local/';
const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `1m30s`, `500ms`, `20` (seconds). What is no duration counts as none. */
export function durationMs(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (unitMs[unit] ?? 0), 0);
}

export function simulationWishes(annotations: Readonly<Record<string, string>> = {}): SimulationWishes {
  const wish = (name: string): string | undefined => annotations[prefix + name];
  const code = wish('exit-code');
  return {
    exitCode: code !== undefined && /^\d{1,3}$/.test(code) ? Number(code) & 255 : undefined,
    exitAfterMs: durationMs(wish('exit-after')),
    startDelayMs: durationMs(wish('start-delay')),
    readyDelayMs: durationMs(wish('ready-delay')),
    neverReady: wish('never-ready') === 'true',
  };
}
