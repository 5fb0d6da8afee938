import { timestamp } from '@kit/base';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../reconcile/pod.ts';
import { containerStatus, type ContainerRun, hasStarted, type RunSetting } from './container-run.ts';
import { ephemeralRuns, initFailed, initRuns, isInitialized, isOver, mainRuns, type PodRun } from './pod-run.ts';

export interface StatusSetting extends RunSetting {
  readonly hostIP: string;
}

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** The pod's phase, as an agent works it out from its containers. */
export function phaseOf(run: PodRun): Phase {
  if (initFailed(run)) return 'Failed';
  if (!isInitialized(run)) return 'Pending';
  if (isOver(run)) return mainRuns(run).every(({ state }) => state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
  return mainRuns(run).every(hasStarted) ? 'Running' : 'Pending';
}

type Claim = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

function holds(type: string, isTrue: boolean, why: Partial<PodCondition> = {}): Claim {
  return { type, status: isTrue ? 'True' : 'False', ...why };
}

function unready(names: readonly string[]): Partial<PodCondition> {
  return { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
}

function unmetGates(pod: Pod): string[] {
  const isMet = (type: string): boolean =>
    pod.status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
  return (pod.spec.readinessGates ?? []).map(({ conditionType }) => conditionType).filter((type) => !isMet(type));
}

const ending: Partial<Record<Phase, Partial<PodCondition>>> = {
  Succeeded: { reason: 'PodCompleted' },
  Failed: { reason: 'PodFailed' },
};

function readiness(pod: Pod, phase: Phase, statuses: readonly ContainerStatus[]): { ready: Claim; containers: Claim } {
  const names = statuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const over = ending[phase];
  const gates = unmetGates(pod);
  const notReady = over ?? unready(names);
  const containersReady = !over && names.length === 0;
  const gateText = gates
    .map((gate) => `corresponding condition of pod readiness gate "${gate}" does not exist.`)
    .join(', ');
  const whyNot = containersReady ? { reason: 'ReadinessGatesNotReady', message: gateText } : notReady;
  const isReady = containersReady && gates.length === 0;
  return {
    ready: holds('Ready', isReady, isReady ? {} : whyNot),
    containers: holds('ContainersReady', containersReady, containersReady ? {} : notReady),
  };
}

function claims(pod: Pod, run: PodRun, { nowMs, statuses }: { nowMs: number; statuses: StatusParts }): Claim[] {
  const phase = phaseOf(run);
  const isDone = phase === 'Succeeded' || phase === 'Failed';
  const waiting = initRuns(run)
    .filter(({ stage, state }) => stage !== 'ended' || state.terminated?.exitCode !== 0)
    .map(({ spec }) => spec.name);
  const incomplete = {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${waiting.join(' ')}]`,
  };
  const initialized = isInitialized(run);
  const initWhy = initialized ? (phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}) : incomplete;
  const { ready, containers } = readiness(pod, phase, statuses.readable);
  return [
    holds('PodReadyToStartContainers', nowMs >= run.sandboxMs && !isDone),
    holds('Initialized', initialized, initWhy),
    ready,
    containers,
  ];
}

interface StatusParts {
  readonly inits: ContainerStatus[];
  readonly ephemeral: ContainerStatus[];
  readonly mains: ContainerStatus[];
  /** Those whose readiness counts for the pod. */
  readonly readable: ContainerStatus[];
}

function statusParts(run: PodRun, setting: RunSetting): StatusParts {
  const waitingReason = isInitialized(run) || initRuns(run).length === 0 ? 'ContainerCreating' : 'PodInitializing';
  const show = (container: ContainerRun): ContainerStatus => containerStatus(container, waitingReason, setting);
  const inits = initRuns(run).map(show);
  const mains = mainRuns(run).map(show);
  const sidecars = new Set(
    initRuns(run)
      .filter(({ role }) => role === 'sidecar')
      .map(({ spec }) => spec.name),
  );
  const ephemeral = ephemeralRuns(run).map(show);
  return { inits, ephemeral, mains, readable: [...inits.filter(({ name }) => sidecars.has(name)), ...mains] };
}

/** Our conditions with their transition times, before those that others have written. */
function stamped(pod: Pod, all: readonly Claim[], nowMs: number): PodCondition[] {
  const known = pod.status?.conditions ?? [];
  const ours = all.map((claim) => {
    const before = known.find(({ type }) => type === claim.type);
    const lastTransitionTime = before?.status === claim.status ? before.lastTransitionTime : timestamp(nowMs);
    return { ...claim, observedGeneration: pod.metadata.generation, lastProbeTime: null, lastTransitionTime };
  });
  const types = new Set(all.map(({ type }) => type));
  return [...ours, ...known.filter(({ type }) => !types.has(type))];
}

/** What the agent says about the pod now. */
export function podStatus(pod: Pod, run: PodRun, setting: StatusSetting): PodStatus {
  const parts = statusParts(run, setting);
  const hasAddress = setting.nowMs >= run.sandboxMs;
  return {
    phase: phaseOf(run),
    conditions: stamped(pod, claims(pod, run, { nowMs: setting.nowMs, statuses: parts }), setting.nowMs),
    hostIP: setting.hostIP,
    hostIPs: [{ ip: setting.hostIP }],
    ...(hasAddress && { podIP: run.ip, podIPs: [{ ip: run.ip }] }),
    startTime: timestamp(run.acceptedMs),
    ...(parts.inits.length > 0 && { initContainerStatuses: parts.inits }),
    ...(parts.ephemeral.length > 0 && { ephemeralContainerStatuses: parts.ephemeral }),
    containerStatuses: parts.mains,
  } as PodStatus; // `hostIPs` is written and never read here
}
