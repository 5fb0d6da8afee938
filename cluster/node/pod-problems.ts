import type { ContainerSpec, Pod } from '../reconcile/pod.ts';
import { ConfigProblem, type Configuration } from './container/configuration.ts';
import { checkEnvironment } from './container/environment.ts';
import { mountProblem, needsConfiguration } from './container/volumes.ts';
import type { PodRun } from './pod-run.ts';

/** What keeps a pod or its containers from starting now. */
export interface PodProblems {
  /** The event of a volume that cannot be mounted; nothing of the pod starts. */
  readonly mount?: string;
  /** By container: what it is configured with is missing. */
  readonly containers: ReadonlyMap<string, string>;
}

export const noProblems: PodProblems = { containers: new Map() };

const waits = new Set(['queued', 'pulling', 'starting', 'config failed', 'crash back-off']);

async function containerProblem(
  configuration: Configuration,
  pod: Pod,
  container: ContainerSpec,
): Promise<string | undefined> {
  try {
    await checkEnvironment(configuration, { pod, container });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    return error.message;
  }
}

/** Looks only at what a container that is about to start needs; pods that name nothing cost nothing. */
export async function podProblems(
  configuration: Configuration,
  { pod, run, nowMs }: { pod: Pod; run: PodRun; nowMs: number },
): Promise<PodProblems> {
  const starting = run.containers.filter(({ stage }) => waits.has(stage));
  if (starting.length === 0) return noProblems;
  const mount = await freshMountProblem(configuration, { pod, run, nowMs });
  const containers = new Map<string, string>();
  for (const { spec } of starting.filter((one) => needsConfiguration(one.spec))) {
    const problem = await containerProblem(configuration, pod, spec);
    if (problem !== undefined) containers.set(spec.name, problem);
  }
  return { containers, ...(mount !== undefined && { mount }) };
}

/** Volumes are mounted before the first container starts, and not looked at again. */
function freshMountProblem(
  configuration: Configuration,
  { pod, run, nowMs }: { pod: Pod; run: PodRun; nowMs: number },
): Promise<string | undefined> {
  const isFresh = run.containers.every(({ stage }) => stage === 'queued');
  if (!isFresh) return Promise.resolve(undefined);
  return mountProblem({ configuration, pod, ip: run.ip, nowMs });
}
