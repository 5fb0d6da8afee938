/** One place where two answers differ; what is absent on a side is undefined there. */
export interface Difference {
  readonly at: string;
  readonly recorded: unknown;
  readonly ours: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an item of a list is known by: the name of an object, what a condition or rule is about, else its place. */
function keyOf(item: unknown, place: number): string {
  if (!isRecord(item)) return String(place);
  const { metadata, name, type } = item;
  if (isRecord(metadata) && typeof metadata['name'] === 'string') return metadata['name'];
  return typeof name === 'string' ? name : typeof type === 'string' ? type : String(place);
}

function keyed(items: readonly unknown[]): Readonly<Record<string, unknown>> {
  const keys = items.map(keyOf);
  const isUnique = new Set(keys).size === keys.length;
  return Object.fromEntries(items.map((item, place) => [isUnique ? keys[place] : String(place), item]));
}

/** Where two values differ, one entry for the outermost place that one of them lacks, or for each leaf. */
export function differencesOf(recorded: unknown, ours: unknown, at = ''): Difference[] {
  if (Array.isArray(recorded) && Array.isArray(ours)) {
    const [left, right] = [keyed(recorded), keyed(ours)];
    const inner = differencesOf(left, right, at);
    const isShuffled = inner.length === 0 && Object.keys(left).join() !== Object.keys(right).join();
    return isShuffled ? [{ at: `${at}/(order)`, recorded: Object.keys(left), ours: Object.keys(right) }] : inner;
  }
  if (isRecord(recorded) && isRecord(ours)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(ours)])];
    return keys.flatMap((key) => differencesOf(recorded[key], ours[key], `${at}/${key.replaceAll('/', '~1')}`));
  }
  return Object.is(recorded, ours) || JSON.stringify(recorded) === JSON.stringify(ours) ? [] : [{ at, recorded, ours }];
}

export interface Answer {
  readonly req: string;
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** Kinds of Kubernetes itself: what their objects say is the cluster's word, not the platform's, and held elsewhere. */
const ofKubernetes =
  /\/(deployments|daemonsets|statefulsets|replicasets|pods|services|endpoints|jobs|cronjobs|ingresses|networkpolicies|nodes|storageclasses|customresourcedefinitions)\b/;

function identityOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(identityOf);
  if (!isRecord(value)) return value;
  const { spec: _spec, status: _status, ...rest } = value;
  return 'metadata' in value && 'spec' in value
    ? rest
    : Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, identityOf(inner)]));
}

const bodyOf = ({ req, body }: Answer): unknown =>
  ofKubernetes.test(req) && isRecord(body) && body['kind'] !== 'Status' ? identityOf(body) : body;

/** What an answer is, where not all of it can be compared: a failure as a Status, a text, or an object. */
function formOf({ type, body }: Answer): string {
  if (isRecord(body) && body['kind'] === 'Status' && body['apiVersion'] === 'v1') return 'Status';
  return type === 'text/plain' ? 'text' : 'object';
}

/** Where two answers differ: in status or form, or else in the fields of their bodies. */
export function answerDifferences(recorded: Answer, ours: Answer): Difference[] {
  const [before, now] = [formOf(recorded), formOf(ours)];
  const status = differencesOf(recorded.status, ours.status, '/status');
  if (before !== now) return [...status, { at: '/form', recorded: before, ours: now }];
  return [
    ...status,
    ...differencesOf(recorded.type, ours.type, '/type'),
    ...differencesOf(bodyOf(recorded), bodyOf(ours), '/body'),
  ];
}
