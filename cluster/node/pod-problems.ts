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
  const isFresh = run.containers.every(({ stage }) => stage === 'queued');
  const mounts = isFresh && (pod.spec.volumes?.length ?? 0) > 0;
  const mount = mounts ? await mountProblem({ configuration, pod, ip: run.ip, nowMs }) : undefined;
  const containers = new Map<string, string>();
  for (const { spec } of starting.filter((one) => needsConfiguration(one.spec))) {
    const problem = await containerProblem(configuration, pod, spec);
    if (problem !== undefined) containers.set(spec.name, problem);
  }
  return mount === undefined && containers.size === 0 ? noProblems : { containers, ...(mount && { mount }) };
}
