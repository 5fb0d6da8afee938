import { isDeepStrictEqual } from 'node:util';
import { leftOut } from './allowed-differences.ts';

/** What no two servers answer alike, or one server twice, is replaced by a word. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\bgen-[a-z0-9]{5}\b/g, 'gen-<x>'],
  [/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<x>'],
  [/current: \d+/g, 'current: <rv>'],
  [/in record \(\d+\)/gi, 'in record (<rv>)'],
  [/\b\d+ \(\d+\)/g, '<rv> (<rv>)'],
  [/resourceVersion: "\d+"/g, 'resourceVersion: <rv>'],
  [/\b10\.96\.\d+\.\d+/g, '<ip>'],
  [/hash=[0-9A-F]{128}/g, 'hash=<hash>'],
  [/Invalid value: "\{\\".*\}"/gs, 'Invalid value: <object>'],
  [/pkg\/runtime\/scheme\.go:\d+/g, 'pkg/runtime/scheme.go'],
];

const ages = /^\d+(y|d|h|m|s)/;
const byKey: Readonly<Record<string, (value: string) => string>> = {
  uid: () => '<uid>',
  resourceVersion: (value) => (value === '' || value === '0' ? value : '<rv>'),
  continue: (value) => value && '<continue>',
  token: (value) => (value.startsWith('eyJ') ? '<jwt>' : value),
  serverAddress: () => '<address>',
};

/** Go's maps have no order: a list of what is wrong is compared as a set. */
function sortedProblems(text: string): string {
  const list = /^(.*? is invalid: )\[(.*)\]$/s.exec(text);
  return list ? `${list[1]}[${list[2]?.split(', ').sort().join(', ')}]` : text;
}

function normaliseText(text: string, key: string): string {
  const own = byKey[key];
  if (own) return own(text);
  const replaced = replacements.reduce((so, [pattern, word]) => so.replace(pattern, word), text);
  return key === 'message' ? sortedProblems(replaced) : replaced;
}

const text = (value: unknown): string => JSON.stringify(value);
const ascending = (a: unknown, b: unknown): number => (text(a) < text(b) ? -1 : 1);

/** What real servers list in no order. */
const unordered = new Set([
  'causes',
  'managedFields',
  'nonResourceRules',
  'resourceRules',
  'x-kubernetes-group-version-kind',
]);

interface Row {
  readonly cells?: readonly unknown[];
}

function normaliseList(list: readonly unknown[], key: string): unknown[] {
  const values = list.map((value) => normalise(value, key === 'cells' ? 'cell' : ''));
  if (unordered.has(key)) return values.sort(ascending);
  if (key !== 'rows') return values;
  const rows = values as Row[]; // rows of a table
  return rows.map((row) => ({
    ...row,
    cells: row.cells?.map((cell) => (typeof cell === 'string' && ages.test(cell) ? '<age>' : cell)),
  }));
}

/**
 * An answer without what differs from run to run. Descriptions of columns and of schemas are left out too: they are
 * documentation, which this server does not repeat.
 */
export function normalise(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return normaliseText(value, key);
  if (Array.isArray(value)) return normaliseList(value, key);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(
    ([name, item]) => !(name === leftOut && typeof item === 'string' && item !== 'a thing'),
  );
  return Object.fromEntries(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, normalise(item, name)]),
  );
}

/** `.body.spec.replicas: 1, but 2 here`, for each difference of two answers. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  if (!isContainer(expected) || !isContainer(actual) || Array.isArray(expected) !== Array.isArray(actual))
    return [`${path}: ${short(expected)}, but here ${short(actual)}`];
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) => differences(expected[name], actual[name], `${path}.${name}`));
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const shown = 300;
const short = (value: unknown): string => (text(value) ?? 'nothing').slice(0, shown);
