/** What a load of requests came to: rate, and latencies in milliseconds. */
export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly count: number;
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Runs `once` from `clients` loops side by side for `seconds`, after a warm-up of a fifth of that. A failure ends it. */
export async function load(options: {
  clients: number;
  seconds: number;
  once: (turn: number) => Promise<unknown>;
}): Promise<Load> {
  const times: number[] = [];
  let turn = 0;
  const loops = async (untilMs: number, record: boolean): Promise<void> => {
    const loop = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        const startMs = performance.now();
        await options.once((turn += 1));
        if (record) times.push(performance.now() - startMs);
      }
    };
    await Promise.all(Array.from({ length: options.clients }, loop));
  };
  await loops(performance.now() + options.seconds * 200, false);
  const startMs = performance.now();
  await loops(startMs + options.seconds * 1000, true);
  const elapsed = (performance.now() - startMs) / 1000;
  times.sort((a, b) => a - b);
  return { perSecond: times.length / elapsed, p50Ms: at(times, 0.5), p95Ms: at(times, 0.95), count: times.length };
}
