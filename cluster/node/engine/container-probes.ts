import type { Clock } from '@kit/base';
import type { Probe } from './engine-pod.ts';
import type { CheckResult } from './http-check.ts';

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

export interface ContainerProbesOptions {
  readonly clock: Clock;
  readonly probes: Readonly<Partial<Record<ProbeKind, Probe>>>;
  readonly startedMs: number;
  readonly check: (probe: Probe, timeoutMs: number) => Promise<CheckResult>;
  /** A probe has failed once; what it said. */
  readonly onFailure: (kind: ProbeKind, result: CheckResult) => void;
  /** What the probes say has changed: readiness, start, or that the container has to be restarted. */
  readonly onChange: (change: 'ready' | 'started' | 'dead', kind: ProbeKind) => void;
}

interface Tally {
  successes: number;
  failures: number;
}

/** Probes one running container again and again, until it is closed. */
export class ContainerProbes {
  readonly #options: ContainerProbesOptions;
  readonly #tallies = new Map<ProbeKind, Tally>();
  readonly #cancels = new Map<ProbeKind, () => void>();
  #closed = false;
  #started: boolean;
  #ready: boolean;

  constructor(options: ContainerProbesOptions) {
    this.#options = options;
    this.#started = !options.probes.startup;
    this.#ready = !options.probes.readiness;
    for (const kind of ['startup', 'readiness', 'liveness'] as const) this.#begin(kind);
  }

  /** The startup probe has succeeded, or there is none. */
  get started(): boolean {
    return this.#started;
  }

  get ready(): boolean {
    return this.#started && this.#ready;
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancels.values()) cancel();
  }

  #begin(kind: ProbeKind): void {
    const probe = this.#options.probes[kind];
    if (!probe) return;
    const { clock, startedMs } = this.#options;
    const delayMs = startedMs + (probe.initialDelaySeconds ?? 0) * 1000 - clock.now();
    this.#next(kind, probe, Math.max(0, delayMs));
  }

  #next(kind: ProbeKind, probe: Probe, delayMs: number): void {
    if (this.#closed) return;
    this.#cancels.set(
      kind,
      this.#options.clock.after(delayMs, () => void this.#once(kind, probe)),
    );
  }

  async #once(kind: ProbeKind, probe: Probe): Promise<void> {
    const periodMs = (probe.periodSeconds ?? 10) * 1000;
    const isHeld = kind !== 'startup' && !this.#started;
    if (isHeld) return this.#next(kind, probe, Math.min(periodMs, 1000));
    const result = await this.#options
      .check(probe, (probe.timeoutSeconds ?? 1) * 1000)
      .catch((error: unknown): CheckResult => ({ ok: false, isUnknown: true, output: String(error) }));
    if (this.#closed) return;
    this.#count(kind, probe, result);
    const isOver = kind === 'startup' && this.#started;
    if (!isOver) this.#next(kind, probe, periodMs);
  }

  #count(kind: ProbeKind, probe: Probe, result: CheckResult): void {
    const { ok } = result;
    if (result.isUnknown) return this.#options.onFailure(kind, result);
    const { successes, failures } = this.#tallies.get(kind) ?? { successes: 0, failures: 0 };
    const tally = ok ? { successes: successes + 1, failures: 0 } : { successes: 0, failures: failures + 1 };
    this.#tallies.set(kind, tally);
    if (!ok) this.#options.onFailure(kind, result);
    if (tally.successes >= (probe.successThreshold ?? 1)) this.#succeed(kind);
    if (tally.failures >= (probe.failureThreshold ?? 3)) this.#fail(kind);
  }

  #succeed(kind: ProbeKind): void {
    if (kind === 'startup' && !this.#started) {
      this.#started = true;
      this.#options.onChange('started', kind);
    }
    if (kind === 'readiness' && !this.#ready) {
      this.#ready = true;
      this.#options.onChange('ready', kind);
    }
  }

  #fail(kind: ProbeKind): void {
    if (kind !== 'readiness') {
      this.close();
      return this.#options.onChange('dead', kind);
    }
    if (!this.#ready) return;
    this.#ready = false;
    this.#options.onChange('ready', kind);
  }
}
