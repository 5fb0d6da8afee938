import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { fieldsIn, optionalText, record } from '../rules/set-default.ts';
import { invalid, required, tooLong } from './cause.ts';
import { dns1123Subdomain, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';

const longestReporter = 128;
const longestText = 128;
const longestNote = 1024;

/** What is wrong with a core Event: it lies in the namespace of what it is about. */
export function validateEvent(object: ClusterObject): Cause[] {
  return validatePlace(object, 'involvedObject');
}

function validatePlace(object: ClusterObject, about: string): Cause[] {
  const namespace = optionalText(fieldsIn(object[about])['namespace']);
  const expected = namespace === '' ? 'default' : namespace;
  if (object.metadata.namespace === undefined || expected === object.metadata.namespace) return [];
  return [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')];
}

/** What has no namespace is told of where everybody looks. */
function validateRegarding(object: ClusterObject): Cause[] {
  const { namespace } = object.metadata;
  const named = optionalText(fieldsIn(object['regarding'])['namespace']) !== '';
  if (named || namespace === undefined || namespace === 'default' || namespace === 'kube-system') return [];
  return [invalid('involvedObject.namespace', '', 'does not match event.namespace')];
}

/** What is wrong with an Event of events.k8s.io, which has to say more. */
export function validateNewEvent(object: ClusterObject): Cause[] {
  const reporter = optionalText(object['reportingController']);
  const type = optionalText(object['type']);
  const wrongName = object.metadata.name ? checkFormat('metadata.name', object.metadata.name, dns1123Subdomain) : [];
  return [
    ...validateRegarding(object),
    ...wrongName,
    ...(object['eventTime'] === undefined || object['eventTime'] === null ? [required('eventTime')] : []),
    ...(reporter ? [] : [required('reportingController')]),
    ...checkFormat('reportingController', reporter, qualifiedName),
    ...(reporter.length > longestReporter ? [tooLong('reportingController', longestReporter)] : []),
    ...needed(object, 'reportingInstance'),
    ...needed(object, 'action'),
    ...needed(object, 'reason'),
    ...(optionalText(object['note']).length > longestNote ? [tooLong('message', longestNote)] : []),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...validateSeries(object),
  ];
}

function needed(object: ClusterObject, name: string): Cause[] {
  const text = optionalText(object[name]);
  if (!text) return [required(name)];
  return text.length > longestText ? [tooLong(name, longestText)] : [];
}

function validateSeries(object: ClusterObject): Cause[] {
  const series = record(object['series']);
  if (!series) return [];
  const causes: Cause[] = [];
  if (Number(series['count'] ?? 0) < 2) causes.push(invalid('series.count', '', 'should be at least 2'));
  if (!series['lastObservedTime']) causes.push(required('series.lastObservedTime'));
  return causes;
}

const immutable = ['eventTime', 'reportingController', 'reportingInstance', 'action', 'reason', 'type'];
const reference = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
const goNames = ['Kind', 'Namespace', 'Name', 'UID', 'APIVersion', 'ResourceVersion', 'FieldPath'];

/** The real server shows the struct. */
function goReference(value: unknown): object {
  const fields = fieldsIn(value);
  const shown: Record<string, unknown> = {};
  for (const [index, name] of goNames.entries()) shown[name] = fields[reference[index] ?? ''] ?? '';
  return shown;
}

/** An event that was told stays as it was: only how often it happened may be written anew. */
export function validateNewEventUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const note = 'field is immutable';
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const text = (name: string): Cause[] => {
    const value: unknown = next[name] ?? (name === 'eventTime' ? null : '');
    return same(next[name] ?? '', old[name] ?? '') ? [] : [invalid(name, value, note)];
  };
  const references = (name: string, field: string): Cause[] => {
    const shown = goReference(next[name]);
    return same(shown, goReference(old[name])) ? [] : [invalid(field, shown, note)];
  };
  return [
    ...references('regarding', 'involvedObject'),
    ...immutable.flatMap(text),
    ...(same(next['note'] ?? '', old['note'] ?? '') ? [] : [invalid('message', optionalText(next['note']), note)]),
    ...(old['related'] === undefined && next['related'] === undefined ? [] : references('related', 'related')),
  ];
}
