import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';
import { eachItem, invalid, notSupported, required } from './cause.ts';
import { validateContainerResourceName } from './resource-name.ts';
import { dns1123Label, pathSegment, type Format } from './format.ts';
import { checkFormat } from './object-meta.ts';

const metricKinds: Readonly<Record<string, (source: JsonObject, field: string) => Cause[]>> = {
  object: validateObjectMetric,
  pods: validatePodsMetric,
  resource: (source, field) => [
    ...(source['name'] ? [] : [required(`${field}.name`, 'must specify a resource name')]),
    ...validateTarget(source, field),
    ...validateResourceTarget(source, field),
  ],
  containerResource: validateContainerMetric,
  external: validateExternalMetric,
};

const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];

/** What is wrong with a HorizontalPodAutoscaler. */
export function validateAutoscaler(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const least = Number(spec['minReplicas'] ?? 1);
  return [
    ...(least < 1 ? [invalid('spec.minReplicas', least, 'must be greater than or equal to 1')] : []),
    ...validateMost(Number(spec['maxReplicas'] ?? 0), least),
    ...validateTargetRef(fieldsIn(spec['scaleTargetRef']), 'spec.scaleTargetRef'),
    ...validateApiVersion(fieldsIn(spec['scaleTargetRef']), 'spec.scaleTargetRef'),
    ...eachItem(spec['metrics'], 'spec.metrics', validateMetric),
    ...validateBehavior(record(spec['behavior']), 'spec.behavior'),
  ];
}

function validateMost(most: number, least: number): Cause[] {
  const causes: Cause[] = [];
  if (most === 0) causes.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  else if (most < 1) causes.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to 1'));
  if (most < least) causes.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  return causes;
}

function named(value: unknown, field: string, format: Format): Cause[] {
  return value ? checkFormat(field, optionalText(value), format) : [required(field)];
}

function validateTargetRef(reference: JsonObject, field: string): Cause[] {
  return [
    ...named(reference['kind'], `${field}.kind`, pathSegment),
    ...named(reference['name'], `${field}.name`, pathSegment),
  ];
}

function validateApiVersion(reference: JsonObject, field: string): Cause[] {
  const apiVersion = optionalText(reference['apiVersion']);
  const parts = apiVersion.split('/');
  if (parts.length > 2)
    return [invalid(`${field}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const isCore = parts.length === 1 && apiVersion === 'v1' && reference['kind'] === 'ReplicationController';
  if (isCore || (parts.length === 2 && parts[0])) return [];
  return [invalid(`${field}.apiVersion`, apiVersion, 'apiVersion must specify API group')];
}

function validateMetric(metric: JsonObject, field: string): Cause[] {
  const type = optionalText(metric['type']);
  const causes = type ? [] : [required(`${field}.type`, 'must specify a metric source type')];
  const present = Object.keys(metricKinds).filter((kind) => record(metric[kind]));
  const wanted = type.charAt(0).toLowerCase() + type.slice(1);
  // The real server finds this twice, and lists both findings.
  const unknown = notSupported(`${field}.type`, type, metricTypes);
  if (!metricTypes.includes(type)) causes.push(unknown, unknown);
  for (const kind of present) {
    causes.push(...(metricKinds[kind]?.(fieldsIn(metric[kind]), `${field}.${kind}`) ?? []));
  }
  if (metricTypes.includes(type)) causes.push(...validateSources(present, wanted, field));
  return causes;
}

function validateSources(present: readonly string[], wanted: string, field: string): Cause[] {
  const note = 'must populate information for the given metric source';
  if (!present.includes(wanted)) return [required(`${field}.${wanted}`, note)];
  const others = present.filter((kind) => kind !== wanted);
  return others.map((kind) => ({
    field: `${field}.${kind}`,
    message: `Forbidden: must populate the given metric source only`,
    reason: 'FieldValueForbidden',
  }));
}

function validateIdentifier(source: JsonObject, field: string): Cause[] {
  const metric = fieldsIn(source['metric']);
  const name = optionalText(metric['name']);
  const path = `${field}.metric`;
  return [
    ...(name
      ? checkFormat(`${path}.name`, name, pathSegment)
      : [required(`${path}.name`, 'must specify a metric name')]),
  ];
}

function targetOf(source: JsonObject): JsonObject {
  return fieldsIn(source['target']);
}

function validateTarget(source: JsonObject, field: string): Cause[] {
  const target = targetOf(source);
  const path = `${field}.target`;
  const type = optionalText(target['type']);
  const causes = type ? [] : [required(`${path}.type`, 'must specify a metric target type')];
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    causes.push(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const name of ['value', 'averageValue'] as const) {
    const amount = target[name];
    if (amount !== undefined && quantityValue(optionalText(amount)) <= 0)
      causes.push(invalid(`${path}.${name}`, amount, 'must be positive'));
  }
  const share = target['averageUtilization'];
  if (typeof share === 'number' && share < 1)
    causes.push(invalid(`${path}.averageUtilization`, share, 'must be greater than 0'));
  return causes;
}

/** Of a resource either a share or an amount is wanted. */
function validateResourceTarget(source: JsonObject, field: string): Cause[] {
  const target = targetOf(source);
  const [share, amount] = [target['averageUtilization'], target['averageValue']];
  if (share === undefined && amount === undefined) {
    return [
      required(`${field}.target.averageUtilization`, 'must set either a target raw value or a target utilization'),
    ];
  }
  if (share === undefined || amount === undefined) return [];
  return [
    forbiddenBoth(`${field}.target.averageValue`, 'may not set both a target raw value and a target utilization'),
  ];
}

function forbiddenBoth(field: string, detail: string): Cause {
  return { field, message: `Forbidden: ${detail}`, reason: 'FieldValueForbidden' };
}

function validateObjectMetric(source: JsonObject, field: string): Cause[] {
  const { value, averageValue } = targetOf(source);
  const missing = value === undefined && averageValue === undefined;
  return [
    ...validateTargetRef(fieldsIn(source['describedObject']), `${field}.describedObject`),
    ...validateIdentifier(source, field),
    ...validateTarget(source, field),
    ...(missing ? [required(`${field}.target.averageValue`, 'must set either a target value or averageValue')] : []),
  ];
}

function validatePodsMetric(source: JsonObject, field: string): Cause[] {
  const amount = targetOf(source)['averageValue'];
  const bad = amount === undefined || quantityValue(optionalText(amount)) <= 0;
  return [
    ...validateIdentifier(source, field),
    ...validateTarget(source, field),
    ...(bad ? [required(`${field}.target.averageValue`, 'must specify a positive target averageValue')] : []),
  ];
}

function validateContainerMetric(source: JsonObject, field: string): Cause[] {
  const [name, container] = [optionalText(source['name']), optionalText(source['container'])];
  return [
    ...(name
      ? validateContainerResourceName(name, `${field}.name`)
      : [required(`${field}.name`, 'must specify a resource name')]),
    ...(container
      ? checkFormat(`${field}.container`, container, dns1123Label)
      : [required(`${field}.container`, 'must specify a container')]),
    ...validateTarget(source, field),
    ...validateResourceTarget(source, field),
  ];
}

function validateExternalMetric(source: JsonObject, field: string): Cause[] {
  const { value, averageValue } = targetOf(source);
  const path = `${field}.target`;
  const note = 'must set either a target value for metric or a per-pod target';
  const both = 'may not set both a target value for metric and a per-pod target';
  return [
    ...validateIdentifier(source, field),
    ...validateTarget(source, field),
    ...(value === undefined && averageValue === undefined ? [required(`${path}.averageValue`, note)] : []),
    ...(value !== undefined && averageValue !== undefined ? [forbiddenBoth(`${path}.value`, both)] : []),
  ];
}

const longestWindowSeconds = 3600;
const longestPeriodSeconds = 1800;
const selectPolicies = ['Disabled', 'Max', 'Min'];
const policyTypes = ['Percent', 'Pods'];

function validateBehavior(behavior: JsonObject | undefined, field: string): Cause[] {
  return ['scaleUp', 'scaleDown'].flatMap((name) => {
    const rules = record(behavior?.[name]);
    return rules ? validateScaling(rules, `${field}.${name}`) : [];
  });
}

function validateScaling(rules: JsonObject, field: string): Cause[] {
  const { stabilizationWindowSeconds: window, selectPolicy: select } = rules;
  const known = select === undefined || selectPolicies.includes(optionalText(select));
  return [
    ...inRange(window, `${field}.stabilizationWindowSeconds`, { least: 0, most: longestWindowSeconds }),
    ...(known ? [] : [notSupported(`${field}.selectPolicy`, select, selectPolicies)]),
    ...(items(rules['policies']).length === 0
      ? [required(`${field}.policies`, 'must specify at least one Policy')]
      : eachItem(rules['policies'], `${field}.policies`, validateScalingPolicy)),
  ];
}

function inRange(value: unknown, field: string, { least, most }: { least: number; most: number }): Cause[] {
  if (value === undefined) return [];
  const number = Number(value);
  if (number < least) return [invalid(field, number, `must be greater than ${least === 0 ? 'or equal to ' : ''}zero`)];
  return number > most ? [invalid(field, number, `must be less than or equal to ${most}`)] : [];
}

function validateScalingPolicy(policy: JsonObject, field: string): Cause[] {
  const type = optionalText(policy['type']);
  return [
    ...(policyTypes.includes(type) ? [] : [notSupported(`${field}.type`, type, policyTypes)]),
    ...inRange(policy['value'] ?? 0, `${field}.value`, { least: 1, most: Number.MAX_SAFE_INTEGER }),
    ...inRange(policy['periodSeconds'] ?? 0, `${field}.periodSeconds`, { least: 1, most: longestPeriodSeconds }),
  ];
}
