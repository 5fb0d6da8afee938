import { items, record, textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { quantityValue } from '../schema/quantity.ts';

const nano = 1e9;

function amount(usage: JsonObject | undefined, resource: string): number {
  const value = quantityValue(textOf(usage?.[resource] ?? '0'));
  return Number.isNaN(value) ? 0 : value;
}

function total(object: JsonObject, resource: string): number {
  const containers = items(object['containers']);
  if (containers.length === 0) return amount(record(object['usage']), resource);
  return containers.reduce((sum, container) => sum + amount(record(container['usage']), resource), 0);
}

/** The row of a sample as metrics-server prints it: CPU, memory (of a pod: the sum of its containers) and window. */
export function metricsCells(object: JsonObject): Json[] {
  const cpu = `${Math.round(total(object, 'cpu') * nano)}n`;
  const memory = `${Math.round(total(object, 'memory') / 1024)}Ki`;
  return [cpu, memory, textOf(object['window'] ?? '')];
}
