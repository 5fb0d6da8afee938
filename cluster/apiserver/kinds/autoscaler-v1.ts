import type { ClusterObject } from '../../client.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import type { KindRules } from './kind-rules.ts';

// autoscaling/v1 knows one target, the CPU. What else an autoscaler of v2 has stands in annotations, as JSON of the
// versions of that time: metrics as in v2beta1, behavior under the names of Go fields.

const prefix = 'autoscaling.alpha.kubernetes.io/';
const names = ['metrics', 'behavior', 'current-metrics', 'conditions'] as const;
type Name = (typeof names)[number];

const objectOr = (value: unknown): JsonObject => (isObject(value as Json) ? (value as JsonObject) : {}); // objects of the API are JSON
const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []); // lists of objects by schema

/** `fields` that are there. */
function defined(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** The part of a metric that has the name of its type: `resource` of a `Resource`. */
const partOf = (type: string): string => type.charAt(0).toLowerCase() + type.slice(1);
const isNamed = (type: string): boolean => type === 'Resource' || type === 'ContainerResource';

const valueNames = { Utilization: 'AverageUtilization', AverageValue: 'AverageValue', Value: 'Value' } as const;

/** Values of v2, each under its older name: `averageValue` is `targetAverageValue`. */
function olderValues(values: JsonObject, word: 'target' | 'current', type: string): JsonObject {
  const { averageUtilization, averageValue, value } = values;
  // of a service or an object the older version calls the plain value by the bare word where it is a sum
  const plain = word === 'current' || type === 'Object' || type === 'External' ? `${word}Value` : word;
  return defined({
    [`${word}${valueNames.Utilization}`]: averageUtilization,
    [`${word}${valueNames.AverageValue}`]: averageValue,
    [plain]: value,
  });
}

function olderMetric(metric: JsonObject, word: 'target' | 'current'): JsonObject {
  const type = String(metric.type); // eslint-disable-line @typescript-eslint/no-base-to-string -- a text by schema
  const part = objectOr(metric[partOf(type)]);
  const values = olderValues(objectOr(part[word]), word, type);
  if (isNamed(type))
    return { type, [partOf(type)]: defined({ name: part.name, ...values, container: part.container }) };
  const { name, selector } = objectOr(part.metric);
  const selectorName = type === 'External' ? 'metricSelector' : 'selector';
  const older = defined({ target: part.describedObject, metricName: name, ...values, [selectorName]: selector });
  return { type, [partOf(type)]: older };
}

function newerTarget(part: JsonObject, type: string): JsonObject {
  const { targetAverageUtilization: averageUtilization, targetAverageValue: averageValue, targetValue: value } = part;
  if (averageUtilization !== undefined) return { type: 'Utilization', averageUtilization };
  if (averageValue !== undefined) return { type: 'AverageValue', averageValue };
  return defined({ type: type === 'Resource' ? 'AverageValue' : 'Value', value });
}

function newerValues(part: JsonObject, word: 'target' | 'current', type: string): JsonObject {
  if (word === 'target') return newerTarget(part, type);
  return defined({
    averageUtilization: part.currentAverageUtilization,
    averageValue: part.currentAverageValue,
    value: part.currentValue,
  });
}

function newerMetric(metric: JsonObject, word: 'target' | 'current'): JsonObject {
  const type = String(metric.type); // eslint-disable-line @typescript-eslint/no-base-to-string -- a text by schema
  const part = objectOr(metric[partOf(type)]);
  const values = newerValues(part, word, type);
  if (isNamed(type))
    return { type, [partOf(type)]: defined({ name: part.name, [word]: values, container: part.container }) };
  const selector = part.selector ?? part.metricSelector;
  const newer = defined({
    metric: defined({ name: part.metricName, selector }),
    [word]: values,
    describedObject: part.target,
  });
  return { type, [partOf(type)]: newer };
}

/** A value whose objects have their fields named anew. */
function renamed(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [rename(name), renamed(item, rename)]));
}

const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Go writes the fields of a behavior in the order of their struct, and those that are not set as null. */
function olderBehavior(behavior: JsonObject): Json {
  const rules = ({
    stabilizationWindowSeconds = null,
    selectPolicy = null,
    policies = null,
    tolerance = null,
  }: JsonObject) => ({
    stabilizationWindowSeconds,
    selectPolicy,
    policies: listOf(policies).map(({ type = '', value = 0, periodSeconds = 0 }) => ({ type, value, periodSeconds })),
    tolerance,
  });
  const part = (name: string): Json => (isObject(behavior[name]) ? rules(behavior[name]) : null);
  return renamed({ scaleUp: part('scaleUp'), scaleDown: part('scaleDown') }, upper);
}

function withoutNull(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNull(item)]));
}

const newerBehavior = (behavior: Json): Json => withoutNull(renamed(behavior, partOf));

const isCpuShare = (metric: JsonObject): boolean => {
  const { name, target } = objectOr(metric.resource);
  return metric.type === 'Resource' && name === 'cpu' && objectOr(target).type === 'Utilization';
};
const isCpuState = (metric: JsonObject): boolean =>
  metric.type === 'Resource' && objectOr(metric.resource).name === 'cpu';

function annotationsFor(spec: JsonObject, status: JsonObject): Partial<Record<Name, Json>> {
  const metrics = listOf(spec.metrics);
  const cpu = metrics.find(isCpuShare);
  const others = metrics.filter((metric) => metric !== cpu);
  const current = listOf(status.currentMetrics);
  const conditions = listOf(status.conditions);
  return {
    ...(others.length > 0 && { metrics: others.map((metric) => olderMetric(metric, 'target')) }),
    ...(isObject(spec.behavior) && { behavior: olderBehavior(spec.behavior) }),
    ...(current.length > 0 && { 'current-metrics': current.map((metric) => olderMetric(metric, 'current')) }),
    ...(conditions.length > 0 && { conditions }),
  };
}

/** An autoscaler as it is stored, in `autoscaling/v2`, as v1 shows it. */
export function autoscalerFromV2(stored: ClusterObject): ClusterObject {
  const spec = objectOr(stored.spec);
  const status = objectOr(stored.status);
  const share = objectOr(objectOr(listOf(spec.metrics).find(isCpuShare)?.resource).target).averageUtilization;
  const used = objectOr(objectOr(listOf(status.currentMetrics).find(isCpuState)?.resource).current).averageUtilization;
  const { metrics: _metrics, behavior: _behavior, ...plainSpec } = spec;
  const { currentMetrics: _current, conditions: _conditions, ...plainStatus } = status;
  const more = Object.entries(annotationsFor(spec, status)).map(([name, value]) => [
    prefix + name,
    JSON.stringify(value),
  ]);
  const annotations = { ...stored.metadata.annotations, ...(Object.fromEntries(more) as Record<string, string>) }; // texts, see the line above
  const metadata = { ...stored.metadata, ...(more.length > 0 && { annotations }) };
  return {
    ...stored,
    metadata,
    spec: defined({ ...plainSpec, targetCPUUtilizationPercentage: share }),
    status: defined({ currentReplicas: 0, desiredReplicas: 0, ...plainStatus, currentCPUUtilizationPercentage: used }),
  };
}

/** What an annotation says; nothing when it is no JSON. */
function said(annotations: Readonly<Record<string, string>> | undefined, name: Name): Json | undefined {
  try {
    return JSON.parse(annotations?.[prefix + name] ?? '') as Json; // JSON has no other values
  } catch {
    return undefined;
  }
}

const cpuShare = (averageUtilization: Json): JsonObject => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
/** What an autoscaler without any target aims at. */
const defaultShare = 80;

/** An autoscaler of v1 as it is stored. */
export function autoscalerToV2(object: ClusterObject): ClusterObject {
  const { annotations, ...metadata } = object.metadata;
  const { targetCPUUtilizationPercentage: share, ...spec } = objectOr(object.spec);
  const { currentCPUUtilizationPercentage: _used, currentReplicas = 0, ...status } = objectOr(object.status);
  const metrics = listOf(said(annotations, 'metrics')).map((metric) => newerMetric(metric, 'target'));
  const cpu = share ?? (metrics.length === 0 ? defaultShare : undefined);
  if (cpu !== undefined) metrics.push(cpuShare(cpu));
  const current = listOf(said(annotations, 'current-metrics')).map((metric) => newerMetric(metric, 'current'));
  const behavior = said(annotations, 'behavior');
  const own = Object.entries(annotations ?? {}).filter(([name]) => !names.some((known) => name === prefix + known));
  return {
    ...object,
    metadata: { ...metadata, ...(own.length > 0 && { annotations: Object.fromEntries(own) }) },
    spec: { ...spec, metrics, ...(behavior !== undefined && { behavior: newerBehavior(behavior) }) },
    status: defined({
      ...(currentReplicas !== 0 && { currentReplicas }),
      ...status,
      currentMetrics: current.length > 0 ? current : null,
      conditions: said(annotations, 'conditions'),
    }),
  };
}

/** Rules for v1 that are those of the stored version, asked of what is stored. */
export function autoscalerV1Rules(rules: KindRules): KindRules {
  const { generation } = rules;
  return {
    ...(generation !== undefined && { generation }),
    defaults(object) {
      const spec = objectOr(object.spec);
      spec.minReplicas ??= 1;
      if (!said(object.metadata.annotations, 'metrics')) spec.targetCPUUtilizationPercentage ??= defaultShare;
    },
    validate: (object) => rules.validate?.(autoscalerToV2(object)) ?? [],
    validateUpdate: (next, old) => rules.validateUpdate?.(autoscalerToV2(next), autoscalerToV2(old)) ?? [],
  };
}
