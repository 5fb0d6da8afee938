import { ApiError, isApiError, timestamp } from '@kit/base';
import type { Status } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { resourceKey } from '../storage/version.ts';
import { badRequest, notFound } from '../store/api-errors.ts';
import { deleteObject } from '../store/delete-object.ts';
import type { DeleteOptions } from '../store/deletion-rules.ts';
import { keyOf, readObject } from '../store/stored-object.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext } from '../store/write-request.ts';
import { checkAllowed, grantEviction } from './eviction-grant.ts';
import type { Budget } from './eviction-grant.ts';
import { selectorMatches } from './match-selector.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Pod extends ClusterObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

interface Eviction {
  readonly target: Target;
  readonly context: WriteContext;
  readonly options: DeleteOptions;
}

const budgets = resourceKey('policy', 'poddisruptionbudgets');

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;

/** What does not run, or is about to go anyway, disrupts nothing. */
function disruptsNothing({ metadata, status }: Pod): boolean {
  const phase = status?.phase ?? '';
  return ['Succeeded', 'Failed', 'Pending'].includes(phase) || metadata.deletionTimestamp !== undefined;
}

/** A pod that is not healthy may go without counting, where its budget says so or is met without it. */
function mayGoUnhealthy(pod: Pod, { spec, status }: Budget): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return pod.status?.phase === 'Running' && desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

/** The one budget of a pod; more than one is more than the API can weigh. */
function budgetOf(deps: StoreDeps, { namespace }: Target, pod: Pod): string | undefined {
  const matching = deps.storage.list(budgets, { namespace }).filter((version) => {
    const { spec } = version.object() as unknown as Budget; // the schema has checked it
    return selectorMatches(spec?.selector, { ...pod.metadata.labels });
  });
  if (matching.length > 1) {
    const why = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiError('InternalError', why);
  }
  return matching[0]?.key.name;
}

/** Takes one disruption from the budget, unless another eviction was faster. */
async function takeFrom(deps: StoreDeps, name: string, { target, context }: Eviction): Promise<void> {
  const kind = deps.kinds.find('policy', 'v1', 'poddisruptionbudgets');
  if (!kind) throw new Error('the built-in kinds have no PodDisruptionBudget');
  const budget: Target = { kind, namespace: target.namespace, name, subresource: 'status' };
  const now = timestamp(deps.clock.now());
  await updateObject(deps, budget, {
    context,
    mode: 'status',
    change: (current) => grantEviction(current, target.name, now),
  });
}

/** Says in the pod's status why it goes. */
async function markEvicted(deps: StoreDeps, { target, context }: Eviction, uid: string): Promise<void> {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: timestamp(deps.clock.now()),
  };
  await updateObject(
    deps,
    { ...target, subresource: 'status' },
    {
      context,
      mode: 'status',
      change: (current: Pod) => {
        if (current.metadata.uid !== uid) throw notFound(target.kind, target.name);
        const others = (current.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
        return { ...current, status: { ...current.status, conditions: [...others, condition] } };
      },
    },
  );
}

async function remove(deps: StoreDeps, eviction: Eviction, pod: Pod): Promise<void> {
  const { context, target, options } = eviction;
  const { uid = '' } = pod.metadata;
  if (!context.dryRun && !disruptsNothing(pod)) await markEvicted(deps, eviction, uid);
  const preconditions = { uid, ...options.preconditions };
  await deleteObject(
    deps,
    { ...target, subresource: undefined },
    {
      options: { ...options, preconditions },
      caller: context.caller,
      dryRun: context.dryRun,
      admitted: true,
    },
  );
}

function isDry(options: unknown): boolean {
  const { dryRun } = (options ?? {}) as { dryRun?: unknown }; // whatever the client has sent
  return Array.isArray(dryRun) && dryRun.includes('All');
}

/** `pods/eviction`: deletes a pod unless a disruption budget forbids it. */
export async function evictPod(
  deps: StoreDeps,
  target: Target,
  request: { body: ClusterObject; context: WriteContext },
): Promise<Status> {
  const { body } = request;
  const { name } = body.metadata ?? {};
  if (name && name !== target.name) throw badRequest('name in URL does not match name in Eviction object');
  const stored = deps.storage.newest(keyOf(target.kind, target.namespace, target.name));
  if (!stored) throw notFound(target.kind, target.name);
  const pod: Pod = readObject(target.kind, stored);
  const options = (body.deleteOptions ?? {}) as DeleteOptions; // `deleteObject` checks them
  const context = { ...request.context, dryRun: request.context.dryRun || isDry(options) };
  const eviction = { target, context, options };
  const budgetName = disruptsNothing(pod) ? undefined : budgetOf(deps, target, pod);
  if (budgetName !== undefined) await weigh(deps, budgetName, { eviction, pod });
  await remove(deps, eviction, pod);
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

async function weigh(
  deps: StoreDeps,
  name: string,
  { eviction, pod }: { eviction: Eviction; pod: Pod },
): Promise<void> {
  const { namespace } = eviction.target;
  const budget = deps.storage.newest({ resource: budgets, namespace, name })?.object() as unknown as Budget | undefined; // the schema has checked it
  if (!budget || mayGoUnhealthy(pod, budget)) return;
  if (eviction.context.dryRun) return checkAllowed(budget);
  try {
    await takeFrom(deps, name, eviction);
  } catch (error) {
    // A budget that was deleted meanwhile protects nobody.
    if (!isApiError(error, 'NotFound')) throw error;
  }
}
