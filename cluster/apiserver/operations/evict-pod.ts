import { ApiError } from '@kit/base';
import type { Status } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { resourceKey } from '../storage/version.ts';
import { badRequest, notFound } from '../store/api-errors.ts';
import { deleteObject } from '../store/delete-object.ts';
import type { DeleteOptions } from '../store/deletion-rules.ts';
import { keyOf } from '../store/stored-object.ts';
import type { StoreDeps, Target, WriteContext } from '../store/write-request.ts';
import { selectorMatches } from './match-selector.ts';

interface Budget {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec?: { readonly selector?: unknown };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly desiredHealthy?: number;
    readonly currentHealthy?: number;
    readonly observedGeneration?: number;
  };
}

const budgets = resourceKey('policy', 'poddisruptionbudgets');

/** Refuses to evict a pod that its disruption budget needs. */
function checkBudgets(deps: StoreDeps, target: Target, labels: Record<string, string>): void {
  for (const version of deps.storage.list(budgets, { namespace: target.namespace })) {
    const budget = version.object() as unknown as Budget; // the schema has checked it
    if (!selectorMatches(budget.spec?.selector, labels)) continue;
    const { disruptionsAllowed = 0, desiredHealthy = 0, currentHealthy = 0 } = budget.status ?? {};
    if (disruptionsAllowed > 0) continue;
    const message = `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
    throw new ApiError('TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      details: { causes: [{ reason: 'DisruptionBudget', message }] },
    });
  }
}

/** `pods/eviction`: deletes a pod unless a disruption budget forbids it. */
export async function evictPod(
  deps: StoreDeps,
  target: Target,
  request: { body: ClusterObject; context: WriteContext },
): Promise<Status> {
  const { context, body } = request;
  const { name } = body.metadata ?? {};
  if (name && name !== target.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  const stored = deps.storage.newest(keyOf(target.kind, target.namespace, target.name));
  if (!stored) throw notFound(target.kind, target.name);
  const phase = (stored.object().status as { phase?: string } | undefined)?.phase; // the schema has checked it
  // A pod that does not run disrupts nothing.
  if (phase !== 'Pending' && phase !== 'Succeeded' && phase !== 'Failed')
    checkBudgets(deps, target, { ...stored.labels });
  const options = (body.deleteOptions ?? {}) as DeleteOptions; // `deleteObject` checks them
  await deleteObject(deps, target, { options, caller: context.caller, dryRun: context.dryRun });
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}
