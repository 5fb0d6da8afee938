import type { ClusterObject } from '../../../client.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { StrategyContext } from '../kind-info.ts';
import type { KindRules } from '../kind-rules.ts';
import { validatePod } from '../validation/pod-spec.ts';
import { validatePodStatus } from '../validation/status.ts';
import { validatePodUpdate } from '../validation/pod-update.ts';
import { defaultPodSpec } from './pod-spec-defaults.ts';
import { warnOfPod } from '../warnings/pod-warnings.ts';
import { items, record, setDefault, specOf, textOf, valueAt } from './set-default.ts';

const resourcesThatCount = ['cpu', 'memory'];

/** Guaranteed, Burstable or BestEffort: what the pod is promised, from its containers' requests and limits. */
export function qosClass(spec: JsonObject): string {
  const containers = [...items(spec['containers']), ...items(spec['initContainers'])];
  const sets = containers.map(({ resources }) => ({
    requests: record(record(resources)?.['requests']) ?? {},
    limits: record(record(resources)?.['limits']) ?? {},
  }));
  const asks = (set: JsonObject): boolean => resourcesThatCount.some((name) => isPositive(set[name]));
  if (!sets.some(({ requests, limits }) => asks(requests) || asks(limits))) return 'BestEffort';
  const full = sets.every(({ requests, limits }) =>
    resourcesThatCount.every((name) => {
      const limit = limits[name];
      return isPositive(limit) && quantityValue(textOf(requests[name] ?? limit)) === quantityValue(textOf(limit));
    }),
  );
  return full ? 'Guaranteed' : 'Burstable';
}

function isPositive(quantity: unknown): boolean {
  return quantity !== undefined && quantityValue(textOf(quantity)) > 0;
}

function prepareForCreate(pod: ClusterObject, context: StrategyContext): void {
  const spec = specOf(pod);
  setPriority(spec, context);
  const gates = spec['schedulingGates'];
  const conditions = Array.isArray(gates) && gates.length > 0 ? { conditions: [gated(context.now)] } : {};
  pod['status'] = { phase: 'Pending', qosClass: qosClass(spec), ...conditions };
}

function gated(now: string): JsonObject {
  return {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    lastProbeTime: null,
    lastTransitionTime: now,
  };
}

function setPriority(spec: JsonObject, context: StrategyContext): void {
  const name = textOf(spec['priorityClassName'] ?? '');
  const found = context.priorityClass?.(name);
  spec['priority'] = found?.value ?? 0;
  setDefault(spec, 'preemptionPolicy', found?.preemptionPolicy ?? 'PreemptLowerPriority');
}

/** The first address of a pod is in two fields, of which the older one counts. */
function settleAddresses(status: JsonObject): void {
  const [first] = items(status['podIPs']);
  const { podIP } = status;
  if (podIP && podIP !== first?.['ip']) status['podIPs'] = [{ ip: podIP }];
  else if (!podIP && first?.['ip']) status['podIP'] = first['ip'];
}

export const podRules: Readonly<Record<string, KindRules>> = {
  '/Pod': {
    generation: true,
    gracefulDelete: true,
    defaults(pod) {
      const spec = specOf(pod);
      defaultPodSpec(spec);
      setDefault(spec, 'enableServiceLinks', true);
      // only in a pod of its own: a template keeps what it was given
      if (Number(spec['terminationGracePeriodSeconds'] ?? 0) < 0) spec['terminationGracePeriodSeconds'] = 1;
    },
    prepareForCreate,
    validate: validatePod,
    validateUpdate: validatePodUpdate,
    validateStatus: validatePodStatus,
    warnings: warnOfPod,
    warnsOnUpdate: 'never',
    prepareForUpdate(next) {
      const status = record(next['status']);
      if (status) setDefault(status, 'qosClass', qosClass(specOf(next)));
    },
    prepareForStatusUpdate(next, old) {
      const { ownerReferences } = old.metadata;
      if (ownerReferences) next.metadata.ownerReferences = ownerReferences;
      else delete next.metadata.ownerReferences;
      const status = record(next['status']);
      if (!status) return;
      setDefault(status, 'qosClass', record(old['status'])?.['qosClass']);
      settleAddresses(status);
    },
    fieldLabels: {
      'spec.nodeName': valueAt('spec.nodeName'),
      'spec.host': valueAt('spec.nodeName'),
      'spec.restartPolicy': valueAt('spec.restartPolicy'),
      'spec.schedulerName': valueAt('spec.schedulerName'),
      'spec.serviceAccountName': valueAt('spec.serviceAccountName'),
      'spec.hostNetwork': valueAt('spec.hostNetwork', false),
      'status.phase': valueAt('status.phase'),
      'status.podIP': valueAt('status.podIP'),
      'status.podIPs': valueAt('status.podIP'),
      'status.nominatedNodeName': valueAt('status.nominatedNodeName'),
    },
  },
};
