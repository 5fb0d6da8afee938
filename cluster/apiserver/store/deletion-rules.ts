import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { invalidOptions, preconditionFailed } from './api-errors.ts';
import type { Target } from './write-request.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

const policies = ['Foreground', 'Background', 'Orphan'];
const customResourceCleanup = 'customresourcecleanup.apiextensions.k8s.io';

/** Throws `Invalid` for options that contradict themselves. */
export function checkDeleteOptions(options: DeleteOptions): void {
  const { propagationPolicy: policy, orphanDependents, gracePeriodSeconds: grace } = options;
  const causes: Cause[] = [];
  if (policy !== undefined && orphanDependents !== undefined) {
    const message = `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`;
    causes.push({ field: 'propagationPolicy', message, reason: 'FieldValueInvalid' });
  }
  if (policy !== undefined && !policies.includes(policy)) {
    const known = [...policies, 'nil'].map((name) => `"${name}"`).join(', ');
    const message = `Unsupported value: ${JSON.stringify(policy)}: supported values: ${known}`;
    causes.push({ field: 'propagationPolicy', message, reason: 'FieldValueNotSupported' });
  }
  if (grace !== undefined && !Number.isInteger(grace)) {
    causes.push({
      field: 'gracePeriodSeconds',
      message: `Invalid value: ${String(grace)}: must be an integer`,
      reason: 'FieldValueInvalid',
    });
  }
  if (causes.length > 0) throw invalidOptions('DeleteOptions', ...causes);
}

export function checkDeletePreconditions(object: ClusterObject, target: Target, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const record = object.metadata;
  if (uid !== undefined && uid !== record.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${record.uid ?? ''}). The object might have been deleted and then recreated`;
    throw preconditionFailed(target.kind, target.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== record.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${record.resourceVersion ?? ''}). The object might have been modified`;
    throw preconditionFailed(target.kind, target.name, why);
  }
}

type Order = 'orphan' | 'foregroundDeletion' | undefined;

/** What the garbage collector is to do first: as asked now, else as asked before. */
function orderFor({ orphanDependents, propagationPolicy }: DeleteOptions, current: readonly string[]): Order {
  if (orphanDependents !== undefined) return orphanDependents ? 'orphan' : undefined;
  if (propagationPolicy === 'Orphan') return 'orphan';
  if (propagationPolicy === 'Foreground') return 'foregroundDeletion';
  if (propagationPolicy !== undefined) return undefined;
  return (['orphan', 'foregroundDeletion'] as const).find((order) => current.includes(order));
}

/** Kinds whose first versions left their pods alone, as they do to this day unless they are told otherwise. */
const orphaning = new Set(['batch/Job', '/ReplicationController']);

/** True for an object whose deletion leaves its dependents, without being asked to. */
export function orphansByDefault({ group, kind }: KindInfo, options: DeleteOptions): boolean {
  const asked = options.propagationPolicy !== undefined || options.orphanDependents !== undefined;
  return !asked && orphaning.has(`${group}/${kind}`);
}

/** The finalizers an object has once somebody wants it gone; the garbage collector takes two of them as orders. */
export function finalizersFor(kind: KindInfo, object: ClusterObject, options: DeleteOptions): string[] {
  const current = object.metadata.finalizers ?? [];
  const order = orderFor(options, current) ?? (orphansByDefault(kind, options) ? 'orphan' : undefined);
  const kept = current.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion');
  const isDefinition = kind.group === 'apiextensions.k8s.io' && kind.kind === 'CustomResourceDefinition';
  const cleanup = isDefinition && !object.metadata.deletionTimestamp && !kept.includes(customResourceCleanup);
  return [...kept, ...(cleanup ? [customResourceCleanup] : []), ...(order ? [order] : [])];
}

/** How long a deletion waits for a node to end the pod's processes; other kinds wait for nobody. */
export function graceSeconds(kind: KindInfo, object: ClusterObject, options: DeleteOptions): number {
  if (!kind.strategy.gracefulDelete) return 0;
  const { spec = {}, status = {} } = object as PodFields; // the schema has checked it
  if (!spec.nodeName || over.has(status.phase ?? '')) return 0;
  const wanted = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return wanted < 0 ? 1 : wanted;
}

const over = new Set(['Succeeded', 'Failed']);

interface PodFields {
  readonly spec?: { readonly nodeName?: string; readonly terminationGracePeriodSeconds?: number };
  readonly status?: { readonly phase?: string };
}

/** Namespaces have finalizers of their own in spec, which `/finalize` takes away. */
export function heldBySpec(kind: KindInfo, object: ClusterObject): boolean {
  if (kind.group !== '' || kind.kind !== 'Namespace') return false;
  const { spec } = object as { spec?: { finalizers?: string[] } }; // the schema has checked it
  return (spec?.finalizers ?? []).length > 0;
}

/** True when nothing holds an object that is on its way out any longer. */
export function isGone(kind: KindInfo, object: ClusterObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === 0 &&
    finalizers.length === 0 &&
    !heldBySpec(kind, object)
  );
}
