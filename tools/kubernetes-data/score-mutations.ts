// How many recorded creations of a real kube-apiserver the embedded kinds answer alike: status, message and causes of
// refusals, and the completed object. usage: npx tsx tools/kubernetes-data/score-mutations.ts RECORDING.jsonl [KIND] [--show N]
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import { builtinKinds } from '../../cluster/apiserver/kinds/builtin-kinds.ts';
import { textOf } from '../../cluster/apiserver/kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../../cluster/apiserver/schema/schema.ts';
import { isObject } from '../../cluster/apiserver/schema/structural-schema.ts';
import { answerOf, uid, type Answer } from './answer-of.ts';

/** One recorded creation: an object as sent, or what was done to the last one that was. */
interface Line extends Answer {
  readonly kind: string;
  readonly how?: string;
  readonly at?: string;
  readonly sent?: JsonObject;
}

type Path = (string | number)[];

const mutations: Readonly<Record<string, (value: Json) => Json>> = {
  empty: () => '',
  bad: () => 'Not_Valid!',
  number: () => 7,
  long: () => 'x'.repeat(300),
  minus: () => -1,
  huge: () => 70_000,
  text: (value) => (typeof value === 'boolean' ? 'yes' : 'many'),
  none: () => [],
  twice: (value) => (Array.isArray(value) ? [...value, ...structuredClone(value)] : value),
  unknown: (value) => (isObject(value) ? { ...value, zzz: 1 } : value),
};

/** Keys may hold dots (`tls.crt`), so a recorded path is matched against the object it came from. */
function pathOf(object: Json, text: string): Path {
  if (text === '') return [];
  for (const [key, value] of Object.entries(object ?? {})) {
    const part = Array.isArray(object) ? Number(key) : key;
    if (text === key) return [part];
    if (text.startsWith(`${key}.`)) return [part, ...pathOf(value as Json, text.slice(key.length + 1))]; // a member of JSON
  }
  throw new Error(`no ${text}`);
}

/** The value with what is at the path changed; undefined takes it out. */
function changed(value: Json, [key, ...rest]: Path, change: (found: Json) => Json | undefined): Json | undefined {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    const item = changed(value[Number(key)] ?? null, rest, change);
    return value.toSpliced(Number(key), 1, ...(item === undefined ? [] : [item]));
  }
  const object = isObject(value) ? value : {};
  const { [key]: found = null, ...others } = object;
  const item = changed(found, rest, change);
  return item === undefined ? others : { ...object, [key]: item };
}

function mutated(base: JsonObject, { how = '', at = '' }: Line): JsonObject {
  const mutate = mutations[how] ?? ((value: Json) => value);
  const result = changed(base, pathOf(base, at), how === 'drop' ? () => undefined : mutate);
  return isObject(result) ? result : {};
}

const ip = /\b10\.\d+\.\d+\.\d+\b(?!\/)/g;

/** Without what differs from run to run: addresses, ports, the order of fields. */
function normal(value: unknown): unknown {
  const text = JSON.stringify(value ?? null)
    .replace(ip, '<ip>')
    .replaceAll(uid, '<uid>');
  return normalMember('', JSON.parse(text) as Json); // JSON
}

function normalMember(key: string, value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => normalMember('', item));
  if (isObject(value)) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(fields.map(([name, item]) => [name, normalMember(name, item)]));
  }
  if (key === 'nodePort') return '<port>';
  return key === 'clusterIP' && value !== 'None' ? '<ip>' : value;
}

function sorted(causes: readonly Cause[] = []): unknown {
  const place = ({ field = '', message }: Cause): string => field + message;
  return normal([...causes].sort((a, b) => (place(a) < place(b) ? -1 : 1)));
}

type Verdict = 'same' | 'causes' | 'status' | 'different';

function verdict(line: Line, got: Answer): Verdict {
  const alike = (a: unknown, b: unknown): boolean => isDeepStrictEqual(normal(a), normal(b));
  if (line.status !== got.status) return 'different';
  if (line.status === 201) return !line.stored || alike(line.stored, got.stored) ? 'same' : 'status';
  if (line.status === 400) return alike(line.message, got.message) ? 'same' : 'status';
  if (!isDeepStrictEqual(sorted(line.causes), sorted(got.causes))) return 'status';
  return alike(line.message, got.message) ? 'same' : 'causes';
}

function show(line: Line, got: Answer, result: Verdict): void {
  console.log(`${line.kind} ${line.how ?? ''} ${line.at ?? ''}: ${result}`);
  console.log(`  real ${line.status} ${line.message ?? JSON.stringify(line.stored ?? '')}`);
  console.log(`  ours ${got.status} ${got.message ?? JSON.stringify(normal(got.stored))}`);
}

const [, , file = '', only = 'all', , count = '0'] = process.argv;
const kinds = new Map(builtinKinds().map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind]));
const scores = new Map<string, Record<string, number>>();
const add = (kind: string, result: Verdict): void => {
  const score = scores.get(kind) ?? {};
  scores.set(kind, { ...score, [result]: (score[result] ?? 0) + 1 });
};
let shown = 0;
let base: JsonObject = {};
for (const text of readFileSync(file, 'utf8').trim().split('\n')) {
  const line = JSON.parse(text) as Line; // written by the recorder
  base = line.sent ?? base;
  const apiVersion = textOf(base['apiVersion']);
  const kind = kinds.get(`${apiVersion.includes('/') ? '' : '/'}${apiVersion}/${textOf(base['kind'])}`);
  if (!kind || (only !== 'all' && only !== line.kind)) continue;
  const got = answerOf(kind, line.sent ?? mutated(base, line));
  const result = verdict(line, got);
  add(line.kind, result);
  add('all', result);
  if (result !== 'same' && shown++ < Number(count)) show(line, got, result);
}
const total = scores.get('all');
scores.delete('all');
for (const [kind, score] of scores) console.log(kind.padEnd(34), JSON.stringify(score));
console.log('all'.padEnd(34), JSON.stringify(total ?? {}));
