import { record, textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import type { Cells } from './table.ts';

/** LAST SEEN, OBJECT, MESSAGE and so on of an event, in the names of either group. */
export const printEvent: Cells = (event, nowMs) => {
  const about = record(event['involvedObject'] ?? event['regarding']) ?? {};
  const first = event['firstTimestamp'] ?? event['deprecatedFirstTimestamp'] ?? event['eventTime'] ?? null;
  const series = record(event['series']);
  const last = series?.['lastObservedTime'] ?? event['lastTimestamp'] ?? event['deprecatedLastTimestamp'] ?? first;
  const count = Number(series?.['count'] ?? event['count'] ?? event['deprecatedCount'] ?? 0) || 1;
  return [
    ageOf(last, nowMs),
    textOf(event['type'] ?? ''),
    textOf(event['reason'] ?? ''),
    `${textOf(about['kind'] ?? '').toLowerCase()}/${textOf(about['name'] ?? '')}`,
    textOf(about['fieldPath'] ?? ''),
    source(event),
    textOf(event['message'] ?? event['note'] ?? '').trim(),
    ageOf(first, nowMs),
    count,
    name(event),
  ];
};

function source(event: JsonObject): string {
  const { component, host } = record(event['source'] ?? event['deprecatedSource']) ?? {};
  const who = (value: Json | undefined): string => textOf(value ?? '');
  const reporter = who(component) || who(event['reportingComponent'] ?? event['reportingController']);
  const where = who(host) || who(event['reportingInstance']);
  return where ? `${reporter}, ${where}` : reporter;
}

function name(event: JsonObject): string {
  return textOf(record(event['metadata'])?.['name'] ?? '');
}
