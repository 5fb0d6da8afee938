import { type ContainerStatus, isFinished, type PodStatus } from '../../reconcile/pod.ts';
import type { ContainerRun, RunSetting } from '../container-run.ts';
import type { PodRun } from '../pod-run.ts';
import { noProblems } from '../pod-problems.ts';
import { podStatus } from '../pod-status.ts';
import { stageDelays } from '../stage-delays.ts';
import { allocation, mountStatuses } from './container-facts.ts';
import type { EnginePod } from './engine-pod.ts';
import type { PodSight, WorkedContainer } from './pod-worker.ts';

export interface StatusSetting {
  readonly nowMs: number;
  readonly hostIP: string;
  /** Of container ids, e.g. `docker`. */
  readonly scheme: string;
}

const noDelays = stageDelays(0);

function runOf({ planned, stage, state, lastState, restartCount, ready }: WorkedContainer): ContainerRun {
  const wasStarted = state.running ?? state.terminated ?? lastState.terminated;
  return {
    spec: planned.spec,
    role: planned.role,
    // A sidecar that has started once keeps the pod initialized, whatever becomes of it.
    stage: planned.role === 'sidecar' && stage === 'crash back-off' ? 'running' : stage,
    dueMs: undefined,
    readyMs: ready ? 0 : undefined,
    startedMs: wasStarted ? 1 : 0,
    state,
    lastState,
    restartCount,
    pullFailures: 0,
  };
}

function facts({ planned, latest, user, started }: WorkedContainer): Record<string, unknown> {
  return {
    ...(planned.role !== 'ephemeral' && { started }),
    ...(latest && allocation(planned.spec)),
    ...(user && { user: { linux: user } }),
    ...mountStatuses(planned.spec),
  };
}

function withIdentity(
  statuses: readonly ContainerStatus[] | undefined,
  byName: ReadonlyMap<string, WorkedContainer>,
  scheme: string,
): ContainerStatus[] | undefined {
  return statuses?.map(({ containerID: _made, started: _simulated, ...status }) => {
    const seen = byName.get(status.name);
    const latest = seen?.latest;
    const imageID = latest ? `sha256:${latest.imageId.replace(/^sha256:/, '')}` : '';
    const identity = latest ? { containerID: `${scheme}://${latest.id}` } : {};
    return {
      ...status,
      imageID,
      ...identity,
      ...(seen && facts(seen)),
    };
  });
}

function settingOf({ metadata, spec }: EnginePod, nowMs: number, hostIP: string): RunSetting & { hostIP: string } {
  const { uid = '', name, namespace = '' } = metadata;
  return {
    nowMs,
    hostIP,
    pod: { uid, name, namespace, restartPolicy: spec.restartPolicy ?? 'Always' },
    delays: noDelays,
    images: new Set(),
    wishes: { exitCode: undefined, exitAfterMs: 0, startDelayMs: 0, readyDelayMs: 0, neverReady: false },
    problems: noProblems,
  };
}

function podRunOf({ status }: EnginePod, { sandbox, containers }: PodSight, nowMs: number): PodRun {
  return {
    acceptedMs: Date.parse(status?.startTime ?? '') || nowMs,
    sandboxMs: sandbox ? 0 : Infinity,
    mountFailures: 0,
    ip: sandbox?.ip ?? '',
    containers: containers.map(runOf),
  };
}

/** What the node says about the pod now. */
export function enginePodStatus(pod: EnginePod, sight: PodSight, { nowMs, hostIP, scheme }: StatusSetting): PodStatus {
  const status = podStatus(pod, podRunOf(pod, sight, nowMs), settingOf(pod, nowMs, hostIP));
  const byName = new Map(sight.containers.map((one) => [one.planned.spec.name, one]));
  const inits = withIdentity(status.initContainerStatuses, byName, scheme);
  const ephemeral = withIdentity(status.ephemeralContainerStatuses, byName, scheme);
  // A pod is not over before its last container, be it a sidecar, has ended.
  const isEarly = isFinished({ ...pod, status }) && sight.containers.some(({ stage }) => stage === 'running');
  return {
    ...status,
    ...{ observedGeneration: pod.metadata.generation },
    ...(isEarly && { phase: pod.status?.phase ?? 'Running' }),
    ...(inits && { initContainerStatuses: inits }),
    ...(ephemeral && { ephemeralContainerStatuses: ephemeral }),
    containerStatuses: withIdentity(status.containerStatuses, byName, scheme) ?? [],
  };
}
