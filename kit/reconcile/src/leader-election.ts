import { ApiError, delay, isApiError } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import { kinds } from '@kit/kube';
import type { KubeClient, KubeObject } from '@kit/kube';

interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

export interface LeaderElection {
  readonly namespace: string;
  readonly name: string;
  /** Another one for each process, e.g. the pod's name and a random part. */
  readonly identity: string;
  /** How long a leader that has fallen silent is waited for. Default 15. */
  readonly leaseSeconds?: number;
}

export interface LeadOptions {
  readonly client: KubeClient;
  readonly election: LeaderElection;
  readonly log: Logger;
  readonly clock: Clock;
  /** What only one process does; its signal is aborted when the lease is lost or `signal` is. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** Kubernetes' `MicroTime`. */
function microTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '000Z');
}

/**
 * One candidate for a lease. Others' clocks are not trusted: a holder is given up when its record has not changed for a
 * lease's length of *our* time, and we give up ourselves, well before that, when we could not renew.
 */
class Candidate {
  readonly #options: LeadOptions;
  readonly #leaseMs: number;
  #seen = { record: '', atMs: 0 };

  constructor(options: LeadOptions) {
    this.#options = options;
    this.#leaseMs = (options.election.leaseSeconds ?? 15) * 1000;
  }

  /** After this without a renewal we are no longer sure to be the only one. */
  get renewWithinMs(): number {
    return (this.#leaseMs * 2) / 3;
  }

  get pauseMs(): number {
    return this.#leaseMs / 6;
  }

  /** True when the lease is ours now. */
  async tryHold(signal?: AbortSignal): Promise<boolean> {
    const { client, election, clock } = this.#options;
    const lease = await client.find<Lease>(kinds.leases, election, { signal });
    if (lease && !this.#mayTake(lease)) return false;
    try {
      if (lease) await client.update(kinds.leases, { ...lease, spec: this.#spec(lease, clock.now()) }, { signal });
      else await client.create(kinds.leases, this.#newLease(), { signal });
      return true;
    } catch (error) {
      if (isApiError(error, 'Conflict') || isApiError(error, 'AlreadyExists')) return false; // another was faster
      throw error;
    }
  }

  /** Lets the next one begin at once. */
  async release(): Promise<void> {
    const { client, election, clock } = this.#options;
    const lease = await client.find<Lease>(kinds.leases, election);
    if (lease?.spec?.holderIdentity !== election.identity) return;
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(clock.now()) };
    await client.update(kinds.leases, { ...lease, spec });
  }

  #mayTake({ spec = {} }: Lease): boolean {
    const { clock, election } = this.#options;
    if (!spec.holderIdentity || spec.holderIdentity === election.identity) return true;
    const record = `${spec.holderIdentity} ${spec.renewTime} ${spec.leaseTransitions}`;
    if (record !== this.#seen.record) this.#seen = { record, atMs: clock.now() };
    const leaseMs = spec.leaseDurationSeconds === undefined ? this.#leaseMs : spec.leaseDurationSeconds * 1000;
    return clock.now() - this.#seen.atMs >= leaseMs;
  }

  #spec({ spec = {} }: Pick<Lease, 'spec'>, nowMs: number): NonNullable<Lease['spec']> {
    const { identity } = this.#options.election;
    const mine = spec.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#leaseMs / 1000),
      acquireTime: mine && spec.acquireTime ? spec.acquireTime : microTime(nowMs),
      renewTime: microTime(nowMs),
      leaseTransitions: (spec.leaseTransitions ?? 0) + (mine ? 0 : 1),
    };
  }

  #newLease(): Lease {
    const { election, clock } = this.#options;
    const { namespace, name } = election;
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name },
      spec: { ...this.#spec({}, clock.now()), leaseTransitions: 0 },
    };
  }
}

/** Asks for the lease for at most `withinMs`: a server that hangs must not keep us believing that we lead. */
async function holdWithin(candidate: Candidate, clock: Clock, withinMs: number): Promise<boolean> {
  const attempt = new AbortController();
  const cancel = clock.after(withinMs, () =>
    attempt.abort(new ApiError('Timeout', 'the lease was not renewed in time')),
  );
  try {
    return await candidate.tryHold(attempt.signal);
  } finally {
    cancel();
  }
}

async function renewUntilLost(candidate: Candidate, { clock, log }: LeadOptions, signal: AbortSignal): Promise<void> {
  let renewedMs = clock.now();
  while (!signal.aborted) {
    await delay(clock, candidate.pauseMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const askedMs = clock.now();
      if (!(await holdWithin(candidate, clock, renewedMs + candidate.renewWithinMs - askedMs))) return;
      renewedMs = askedMs;
    } catch (error) {
      if (clock.now() - renewedMs >= candidate.renewWithinMs) return;
      log.debug('the lease could not be renewed and is tried again', { error });
    }
  }
}

/** One time as the leader: `run` from now until the lease or `signal` ends. */
async function reign(candidate: Candidate, options: LeadOptions, signal: AbortSignal): Promise<void> {
  const { log, election, run } = options;
  const term = new AbortController();
  const onAbort = (): void => term.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  log.info('this process leads now', { lease: election.name, identity: election.identity });
  const work = run(term.signal);
  await Promise.race([renewUntilLost(candidate, options, term.signal), work]);
  if (!signal.aborted) log.warn('this process leads no longer', { lease: election.name, identity: election.identity });
  term.abort(new ApiError('ServiceUnavailable', `the lease "${election.name}" is held by another process`));
  signal.removeEventListener('abort', onAbort);
  await work;
}

/** Runs `run` whenever this process holds the lease, until `signal` is aborted; the lease is then given back. */
export async function lead(options: LeadOptions, signal: AbortSignal): Promise<void> {
  const { log, clock, election } = options;
  const candidate = new Candidate(options);
  let problem = '';
  while (!signal.aborted) {
    try {
      if (await candidate.tryHold(signal)) await reign(candidate, options, signal);
      problem = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!signal.aborted && message !== problem)
        log.warn('the lease cannot be asked for now', { lease: election.name, error });
      problem = message;
    }
    await delay(clock, candidate.pauseMs, signal).catch(() => undefined);
  }
  await candidate.release().catch((error: unknown) => log.debug('the lease could not be given back', { error }));
}
