import { fieldsIn, optionalText } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import type { Cells } from './table.ts';

/** LAST SEEN, OBJECT, MESSAGE and so on of an event, in the names of either group. */
export const printEvent: Cells = (event, nowMs) => {
  const about = fieldsIn(event['involvedObject'] ?? event['regarding']);
  const series = fieldsIn(event['series']);
  const first = firstOf(event, ['firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime']);
  const last = firstOf(event, ['lastTimestamp', 'deprecatedLastTimestamp']);
  const count = Number(series['count'] ?? firstOf(event, ['count', 'deprecatedCount'])) || 1;
  return [
    ageOf(series['lastObservedTime'] ?? last ?? first, nowMs),
    optionalText(event['type']),
    optionalText(event['reason']),
    `${optionalText(about['kind']).toLowerCase()}/${optionalText(about['name'])}`,
    optionalText(about['fieldPath']),
    source(event),
    optionalText(firstOf(event, ['message', 'note'])).trim(),
    ageOf(first, nowMs),
    count,
    optionalText(fieldsIn(event['metadata'])['name']),
  ];
};

/** The first of these fields that is set. */
function firstOf(event: JsonObject, fields: readonly string[]): Json {
  return fields.map((field) => event[field] ?? null).find((value) => value !== null) ?? null;
}

function source(event: JsonObject): string {
  const { component, host } = fieldsIn(event['source'] ?? event['deprecatedSource']);
  const reporter =
    optionalText(component) || optionalText(firstOf(event, ['reportingComponent', 'reportingController']));
  const where = optionalText(host) || optionalText(event['reportingInstance']);
  return where ? `${reporter}, ${where}` : reporter;
}
