import { items, record, textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOf, humanDuration } from './age.ts';
import type { Cells } from './table.ts';

const none = '<none>';

/** A label selector as text: `a=b,c in (d,e),!f`. */
export function selectorOf(value: Json | undefined): string {
  const selector = record(value) ?? {};
  const labels = Object.entries(record(selector['matchLabels']) ?? {}).map(([key, label]) => `${key}=${textOf(label)}`);
  const expressions = items(selector['matchExpressions']).map(({ key, operator, values }) => {
    const list = `(${((values ?? []) as string[]).toSorted().join(',')})`; // a list of texts by schema
    const name = textOf(key);
    const forms: Record<string, string> = {
      In: `${name} in ${list}`,
      NotIn: `${name} notin ${list}`,
      Exists: name,
      DoesNotExist: `!${name}`,
    };
    return forms[textOf(operator)] ?? name;
  });
  return [...labels.sort(), ...expressions].join(',') || none;
}

interface Parts {
  readonly spec: JsonObject;
  readonly status: JsonObject;
  readonly age: string;
  /** Containers and images of the template. */
  readonly template: readonly [string, string];
}

function partsOf(object: JsonObject, nowMs: number): Parts {
  const spec = record(object['spec']) ?? {};
  return {
    spec,
    status: record(object['status']) ?? {},
    age: ageOf(record(object['metadata'])?.['creationTimestamp'], nowMs),
    template: templateOf(spec['template']),
  };
}

function templateOf(template: Json | undefined): readonly [string, string] {
  const containers = items(record(record(template)?.['spec'])?.['containers']);
  return [containers.map(({ name }) => textOf(name)).join(','), containers.map(({ image }) => textOf(image)).join(',')];
}

const count = (value: Json | undefined): number => Number(value ?? 0);

const deployment: Cells = (object, nowMs) => {
  const { spec, status, age, template } = partsOf(object, nowMs);
  return [
    `${count(status['readyReplicas'])}/${count(spec['replicas'])}`,
    count(status['updatedReplicas']),
    count(status['availableReplicas']),
    age,
    ...template,
    selectorOf(spec['selector']),
  ];
};

const replicaSet: Cells = (object, nowMs) => {
  const { spec, status, age, template } = partsOf(object, nowMs);
  const selector =
    object['kind'] === 'ReplicationController' ? { matchLabels: spec['selector'] ?? {} } : spec['selector'];
  return [
    count(spec['replicas']),
    count(status['replicas']),
    count(status['readyReplicas']),
    age,
    ...template,
    selectorOf(selector),
  ];
};

const statefulSet: Cells = (object, nowMs) => {
  const { spec, status, age, template } = partsOf(object, nowMs);
  return [`${count(status['readyReplicas'])}/${count(spec['replicas'])}`, age, ...template];
};

const daemonSet: Cells = (object, nowMs) => {
  const { spec, status, age, template } = partsOf(object, nowMs);
  const nodes = record(record(record(spec['template'])?.['spec'])?.['nodeSelector']) ?? {};
  return [
    count(status['desiredNumberScheduled']),
    count(status['currentNumberScheduled']),
    count(status['numberReady']),
    count(status['updatedNumberScheduled']),
    count(status['numberAvailable']),
    selectorOf({ matchLabels: nodes }),
    age,
    ...template,
    selectorOf(spec['selector']),
  ];
};

const job: Cells = (object, nowMs) => {
  const { spec, status, age, template } = partsOf(object, nowMs);
  return [
    jobState(object),
    jobCompletions(spec, status),
    jobDuration(status, nowMs),
    age,
    ...template,
    selectorOf(spec['selector']),
  ];
};

function jobState(job: JsonObject): string {
  const status = record(job['status']) ?? {};
  const holds = (type: string): boolean =>
    items(status['conditions']).some((c) => c['type'] === type && c['status'] === 'True');
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (record(job['metadata'])?.['deletionTimestamp'] !== undefined) return 'Terminating';
  if (holds('Suspended')) return 'Suspended';
  if (holds('FailureTarget')) return 'FailureTarget';
  return holds('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function jobCompletions(spec: JsonObject, status: JsonObject): string {
  const done = count(status['succeeded']);
  if (spec['completions'] !== undefined) return `${done}/${count(spec['completions'])}`;
  const parallelism = count(spec['parallelism']);
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function jobDuration(status: JsonObject, nowMs: number): string {
  const { startTime, completionTime } = status;
  if (startTime === undefined || startTime === null) return '';
  const endMs = completionTime ? Date.parse(textOf(completionTime)) : nowMs;
  return humanDuration(endMs - Date.parse(textOf(startTime)));
}

const cronJob: Cells = (object, nowMs) => {
  const { spec, status, age } = partsOf(object, nowMs);
  const template = record(record(spec['jobTemplate'])?.['spec']) ?? {};
  const last = status['lastScheduleTime'];
  return [
    textOf(spec['schedule'] ?? ''),
    textOf(spec['timeZone'] ?? none),
    spec['suspend'] === true ? 'True' : 'False',
    items(status['active']).length,
    last ? ageOf(last, nowMs) : none,
    age,
    ...templateOf(template['template']),
    selectorOf(template['selector']),
  ];
};

const podTemplate: Cells = (object) => {
  const labels = record(record(object['template'])?.['metadata'])?.['labels'] ?? {};
  return [...templateOf(object['template']), selectorOf({ matchLabels: labels })];
};

/** Printers of the kinds that run pods. */
export const printWorkload = {
  deployment,
  replicaSet,
  statefulSet,
  daemonSet,
  job,
  cronJob,
  podTemplate,
  selector: selectorOf,
};
