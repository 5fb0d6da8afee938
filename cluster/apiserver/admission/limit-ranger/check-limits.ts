import type { ClusterObject } from '../../../client.ts';
import { podTotal } from '../pods/pod-resources.ts';
import type { ContainerResources, ResourceSpec } from '../pods/pod-resources.ts';
import { amountOf, amountText } from '@kit/base/amount';
import type { Amount } from '@kit/base/amount';
import { readList } from '../quota/resource-list.ts';
import type { ResourceList } from '../quota/resource-list.ts';
import type { LimitItem, Quantities } from './limit-range.ts';

/** What something asks for, and what it may use at most. */
interface Measured {
  readonly type: string;
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

interface Bound {
  readonly name: string;
  readonly bound: Amount;
  readonly request: Amount | undefined;
  readonly limit: Amount | undefined;
}

const above = (amount: Amount | undefined, bound: Amount): boolean =>
  amount !== undefined && amount.nanos > bound.nanos;
const below = (amount: Amount | undefined, bound: Amount): boolean =>
  amount !== undefined && amount.nanos < bound.nanos;
const text = (amount: Amount | undefined): string => (amount ? amountText(amount) : '');

function belowMin(type: string, { name, bound, request, limit }: Bound): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${amountText(bound)}`;
  if (!request) return `${rule}.  No request is specified`;
  if (below(request, bound)) return `${rule}, but request is ${text(request)}`;
  return below(limit, bound) ? `${rule}, but limit is ${text(limit)}` : undefined;
}

function aboveMax(type: string, { name, bound, request, limit }: Bound): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${amountText(bound)}`;
  if (!limit) return `${rule}.  No limit is specified`;
  if (above(limit, bound)) return `${rule}, but limit is ${text(limit)}`;
  return above(request, bound) ? `${rule}, but request is ${text(request)}` : undefined;
}

function claimAboveMax(type: string, { name, bound, request }: Bound): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${amountText(bound)}`;
  if (!request) return `${rule}.  No request is specified`;
  return above(request, bound) ? `${rule}, but request is ${text(request)}` : undefined;
}

/** Whole numbers where they are that large, thousandths else: the ratio is shown in the unit it was measured in. */
function aboveRatio(type: string, { name, bound, request, limit }: Bound): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${amountText(bound)}`;
  if (!request || request.nanos === 0n) return `${rule}, but no request is specified or request is 0`;
  if (!limit || limit.nanos === 0n) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.nanos) / Number(request.nanos);
  return ratio > Number(bound.nanos) / 1e9 ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function check(
  measured: Measured,
  bounds: Quantities | undefined,
  rule: (type: string, bound: Bound) => string | undefined,
): string[] {
  return Object.entries(bounds ?? {}).flatMap(([name, quantity]) => {
    const request = measured.requests[name];
    const limit = measured.limits[name];
    return rule(measured.type, { name, bound: amountOf(quantity), request, limit }) ?? [];
  });
}

function checkAll(measured: Measured, item: LimitItem): string[] {
  return [
    ...check(measured, item.min, belowMin),
    ...check(measured, item.max, aboveMax),
    ...check(measured, item.maxLimitRequestRatio, aboveRatio),
  ];
}

/** Everything about a pod that goes beyond the limits. */
export function podProblems(pod: ClusterObject, items: readonly LimitItem[]): string[] {
  const spec = pod.spec as ResourceSpec; // the schema has checked it
  const measure = ({ resources }: ContainerResources): Measured => ({
    type: 'Container',
    requests: readList(resources?.requests),
    limits: readList(resources?.limits),
  });
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(measure);
  return items.flatMap((item) => {
    if (item.type === 'Container') return containers.flatMap((container) => checkAll(container, item));
    if (item.type !== 'Pod') return [];
    const bare = { ...spec, overhead: {} };
    const whole = { type: 'Pod', requests: podTotal(bare, 'requests'), limits: podTotal(bare, 'limits') };
    return checkAll(whole, item);
  });
}

/** Everything about a claim that goes beyond the limits. */
export function claimProblems(claim: ClusterObject, items: readonly LimitItem[]): string[] {
  const { spec } = claim as { spec?: { resources?: { requests?: Quantities } } }; // the schema has checked it
  const measured = { type: 'PersistentVolumeClaim', requests: readList(spec?.resources?.requests), limits: {} };
  return items
    .filter(({ type }) => type === measured.type)
    .flatMap((item) => [...check(measured, item.min, belowMin), ...check(measured, item.max, claimAboveMax)]);
}
