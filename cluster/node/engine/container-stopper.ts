import { runHook } from './container-actions.ts';
import type { SeenContainer } from './engine-containers.ts';
import { type EnginePod, fieldPathOf, type PlannedContainer } from './engine-pod.ts';
import type { NodeParts } from './node-parts.ts';

export interface StopPlan {
  readonly pod: EnginePod;
  readonly planned: PlannedContainer;
  readonly seen: SeenContainer;
  readonly ip: string;
  readonly graceSeconds: number;
  /** What is said of it; default: that it stops. */
  readonly message?: string;
}

const leastAfterHookSeconds = 2;

/** Stops a container: its hook first, then the signal, and force when the time is over. */
export async function stopContainer({ engine, containers, clock, record }: NodeParts, plan: StopPlan): Promise<void> {
  const { pod, planned, seen, ip, graceSeconds } = plan;
  const fieldPath = fieldPathOf(planned);
  const container = planned.spec;
  record(pod, {
    type: 'Normal',
    reason: 'Killing',
    message: plan.message ?? `Stopping container ${container.name}`,
    fieldPath,
  });
  const startedMs = clock.now();
  const hook = container.lifecycle?.preStop;
  if (hook && graceSeconds > 0) {
    const place = { client: engine.client, clock, containerId: seen.id, container, ip };
    const problem = await withinMs(graceSeconds * 1000, runHook(hook, place, graceSeconds * 1000));
    if (problem !== undefined)
      record(pod, {
        type: 'Warning',
        reason: 'FailedPreStopHook',
        message: 'PreStopHook failed',
        fieldPath,
      });
  }
  const leftSeconds = graceSeconds - (clock.now() - startedMs) / 1000;
  await containers.stop(seen.id, hook && graceSeconds > 0 ? Math.max(leastAfterHookSeconds, leftSeconds) : leftSeconds);
}

async function withinMs(ms: number, hook: Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it took longer than the grace period'), ms);
  });
  try {
    return await Promise.race([hook, late]);
  } finally {
    clearTimeout(timer);
  }
}
