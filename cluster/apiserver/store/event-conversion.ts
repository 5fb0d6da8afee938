import type { ClusterObject } from '../../client.ts';

// The core Event and the one of events.k8s.io are the same object; these fields have two names.
const names: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

function renamed(event: ClusterObject, fields: ReadonlyMap<string, string>): ClusterObject {
  const entries = Object.entries(event).map(([field, value]) => [fields.get(field) ?? field, value] as const);
  return Object.fromEntries(entries) as ClusterObject; // only fields beside metadata get another name
}

const toEvents = new Map(names);
const toCore = new Map(names.map(([core, events]) => [events, core]));

/** An event of `v1` as `events.k8s.io/v1` shows it. */
export function eventFromCore(event: ClusterObject): ClusterObject {
  const renamedEvent = renamed(event, toEvents);
  // The core event shows these two even when they are empty.
  for (const field of ['reportingController', 'reportingInstance'])
    if (renamedEvent[field] === '') Reflect.deleteProperty(renamedEvent, field);
  return renamedEvent;
}

/** An event of `events.k8s.io/v1` as it is stored. */
export function eventToCore(event: ClusterObject): ClusterObject {
  return renamed(event, toCore);
}
