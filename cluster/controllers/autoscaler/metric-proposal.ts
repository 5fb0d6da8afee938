import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../client.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { quantity } from '../../reconcile/quantity.ts';
import { messageOf } from '../slow-start.ts';
import type { Autoscaler, MetricSpec, MetricTarget } from './autoscaler.ts';
import { type Measured, type Proposal, replicasForAverage, replicasForUtilization } from './pod-usage.ts';
import { milliText } from './milli-text.ts';

/** A metric with the replicas it asks for, or why it cannot tell. */
export type MetricResult =
  | { readonly replicas: number; readonly name: string; readonly status: object }
  | { readonly failure: { readonly reason: string; readonly detail: string; readonly summary: string } };

export interface MetricQuestion {
  readonly client: ClusterClient;
  readonly autoscaler: Autoscaler;
  readonly selector: string;
  readonly pods: readonly Pod[];
  readonly current: number;
  readonly nowMs: number;
}

const podMetrics = { group: 'metrics.k8s.io', resource: 'pods' };

/** How far usage may be from the target without anything being done. */
const tolerance = 0.1;

function tolerable({ autoscaler }: MetricQuestion): (ratio: number) => boolean {
  const { scaleUp, scaleDown } = autoscaler.spec.behavior ?? {};
  const up = scaleUp?.tolerance === undefined ? tolerance : quantity(scaleUp.tolerance);
  const down = scaleDown?.tolerance === undefined ? tolerance : quantity(scaleDown.tolerance);
  return (ratio) => 1 - down <= ratio && ratio <= 1 + up;
}

function secondsOf(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  const parts = [...duration.matchAll(/([\d.]+)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (units[unit] ?? 0), 0);
}

interface Usage {
  readonly name: string;
  readonly usage: Record<string, string>;
}

/** What a sample of a pod says of one resource; undefined when a container does not tell. */
function measuredIn(object: ClusterObject, resource: string, container?: string): Measured | undefined {
  const all = (object['containers'] ?? []) as Usage[]; // by the kind's schema
  const chosen = container === undefined ? all : all.filter(({ name }) => name === container);
  const amounts = chosen.map(({ usage }) => usage[resource]);
  if (amounts.length === 0 || amounts.includes(undefined)) return undefined;
  const milli = amounts.reduce((sum, amount) => sum + Math.ceil(quantity(amount) * 1000), 0);
  const windowMs = secondsOf(String(object['window'] ?? '')) * 1000;
  return { milli, atMs: Date.parse(String(object['timestamp'])), windowMs };
}

async function measure(question: MetricQuestion, resource: string, container?: string): Promise<Map<string, Measured>> {
  const { client, autoscaler, selector } = question;
  const { namespace } = autoscaler.metadata;
  const failed = `unable to get metrics for resource ${resource}: `;
  const { items } = await client.list(podMetrics, { namespace, labelSelector: selector }).catch((error: unknown) => {
    const missing = 'the server could not find the requested resource (get pods.metrics.k8s.io)';
    const why = isApiError(error, 'NotFound') ? missing : messageOf(error);
    throw new Error(`${failed}unable to fetch metrics from resource metrics API: ${why}`, { cause: error });
  });
  if (items.length === 0) throw new Error(`${failed}no metrics returned from resource metrics API`);
  const found = new Map<string, Measured>();
  for (const item of items) {
    const measured = measuredIn(item, resource, container);
    if (measured) found.set(item.metadata.name, measured);
  }
  return found;
}

interface ResourceMetric {
  readonly name: string;
  readonly container?: string;
  readonly target: MetricTarget;
}

async function propose(question: MetricQuestion, { name, container, target }: ResourceMetric): Promise<Proposal> {
  const { pods, current, nowMs } = question;
  const byUtilization = target.averageValue === undefined;
  try {
    const measured = await measure(question, name, container);
    const usage = { pods, measured, resource: name, container, current, nowMs, isTolerable: tolerable(question) };
    if (byUtilization) return replicasForUtilization(usage, target.averageUtilization ?? 100);
    return replicasForAverage(usage, quantity(target.averageValue) * 1000);
  } catch (error) {
    const what = byUtilization ? 'utilization' : 'usage';
    throw new Error(`failed to get ${name} ${what}: ${messageOf(error)}`, { cause: error });
  }
}

async function resourceResult(
  question: MetricQuestion,
  spec: MetricSpec,
  metric: ResourceMetric,
): Promise<MetricResult> {
  const { name, container } = metric;
  const isContainer = container !== undefined;
  try {
    const { replicas, utilization, averageMilli } = await propose(question, metric);
    const averageValue = milliText(averageMilli);
    const current = utilization === undefined ? { averageValue } : { averageUtilization: utilization, averageValue };
    const status = isContainer
      ? { type: spec.type, containerResource: { name, container, current } }
      : { type: spec.type, resource: { name, current } };
    const what = isContainer && utilization !== undefined ? `${name} container resource` : `${name} resource`;
    return { replicas, status, name: utilization === undefined ? what : `${what} utilization (percentage of request)` };
  } catch (error) {
    const reason = isContainer ? 'FailedGetContainerResourceMetric' : 'FailedGetResourceMetric';
    const subject = isContainer ? `${container} container` : `${name} resource`;
    const detail = messageOf(error);
    return { failure: { reason, detail, summary: `failed to get ${subject} metric value: ${detail}` } };
  }
}

const noCustomMetrics =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

// Nothing measures these in this cluster, and the answer says so as where no adapter is installed.
function foreignResult({ autoscaler }: MetricQuestion, spec: MetricSpec): MetricResult {
  const { namespace } = autoscaler.metadata;
  if (spec.pods) {
    const detail = `unable to get metric ${spec.pods.metric.name}: ${noCustomMetrics}`;
    const summary = `failed to get pods metric value: ${detail}`;
    return { failure: { reason: 'FailedGetPodsMetric', detail, summary } };
  }
  if (spec.object) {
    const { kind, name } = spec.object.describedObject;
    const detail = `unable to get metric ${spec.object.metric.name}: ${kind} on ${namespace} ${name}/${noCustomMetrics}`;
    const summary = `failed to get object metric value: ${detail}`;
    return { failure: { reason: 'FailedGetObjectMetric', detail, summary } };
  }
  const name = spec.external?.metric.name ?? '';
  const missing = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
  const detail = `unable to get external metric ${namespace}/${name}/nil: unable to fetch metrics from external metrics API: ${missing}`;
  const summary = `failed to get ${name} external metric value: failed to get external metric ${name}: ${detail}`;
  return { failure: { reason: 'FailedGetExternalMetric', detail, summary } };
}

/** How many replicas one metric of the autoscaler asks for. */
export function proposeReplicas(question: MetricQuestion, spec: MetricSpec): Promise<MetricResult> {
  const metric = spec.resource ?? spec.containerResource;
  return metric ? resourceResult(question, spec, metric) : Promise.resolve(foreignResult(question, spec));
}
