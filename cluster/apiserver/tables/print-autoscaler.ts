import { items, record, textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOfObject as age } from './age.ts';
import type { Cells } from './table.ts';

const unknown = '<unknown>';
const shownMetrics = 2;

/** The part of a metric that has the name of its type, and its name in the table. */
function partOf(metric: JsonObject): { part: JsonObject; name: string } {
  const type = textOf(metric['type'] ?? '');
  const part = record(metric[type.charAt(0).toLowerCase() + type.slice(1)]) ?? {};
  const named = record(part['metric'])?.['name'] ?? part['name'];
  return { part, name: textOf(named ?? '') };
}

function amount(values: JsonObject | undefined, field: string): string {
  const value = values?.[field];
  if (value === undefined || value === null) return unknown;
  return field === 'averageUtilization' ? `${textOf(value)}%` : textOf(value);
}

const fields: Readonly<Record<string, string>> = {
  Utilization: 'averageUtilization',
  AverageValue: 'averageValue',
  Value: 'value',
};

/** `cpu: 12%/80%`: what there is of a metric, and what is aimed at. */
function metricText(metric: JsonObject, current: JsonObject | undefined): string {
  const { part, name } = partOf(metric);
  const target = record(part['target']) ?? {};
  const type = textOf(target['type'] ?? '');
  const field = fields[type] ?? 'value';
  const found = current && record(partOf(current).part['current']);
  const text = `${amount(found, field)}/${amount(target, field)}`;
  const isResource = metric['type'] === 'Resource' || metric['type'] === 'ContainerResource';
  if (isResource) return `${name}: ${text}`;
  return type === 'AverageValue' && metric['type'] !== 'Pods' ? `${text} (avg)` : text;
}

function metricsText(wanted: readonly JsonObject[], current: readonly JsonObject[]): string {
  if (wanted.length === 0) return '<none>';
  const texts = wanted.map((metric, index) => metricText(metric, current[index]));
  const more = texts.length - shownMetrics;
  const shown = texts.slice(0, shownMetrics).join(', ');
  return more > 0 ? `${shown} + ${more} more...` : shown;
}

export const printAutoscaler: Cells = (object, nowMs): Json[] => {
  const { spec: given, status: state } = object;
  const [spec, status] = [record(given) ?? {}, record(state) ?? {}];
  const target = record(spec['scaleTargetRef']);
  return [
    `${textOf(target?.['kind'])}/${textOf(target?.['name'])}`,
    metricsText(items(spec['metrics']), items(status['currentMetrics'])),
    spec['minReplicas'] === undefined ? '<unset>' : textOf(spec['minReplicas']),
    Number(spec['maxReplicas'] ?? 0),
    Number(status['currentReplicas'] ?? 0),
    age(object, nowMs),
  ];
};
