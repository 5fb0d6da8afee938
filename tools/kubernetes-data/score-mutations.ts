// How many recorded creations of a real kube-apiserver the embedded kinds answer alike: status, message and causes of
// refusals, and the completed object. usage: npx tsx tools/kubernetes-data/score-mutations.ts RECORDING.jsonl [KIND] [--show N]
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ApiError, type Cause } from '@kit/base';
import type { ClusterObject } from '../../cluster/client.ts';
import { decodeBuiltin } from '../../cluster/apiserver/codec/decode-builtin.ts';
import { builtinKinds } from '../../cluster/apiserver/kinds/builtin-kinds.ts';
import type { KindInfo } from '../../cluster/apiserver/kinds/kind-info.ts';
import type { Json, JsonObject } from '../../cluster/apiserver/schema/schema.ts';

interface Line {
  kind: string;
  how?: string;
  at?: string;
  sent?: JsonObject;
  status: number;
  stored?: JsonObject;
  message?: string;
  causes?: Cause[];
}

interface Answer {
  status: number;
  message?: string;
  causes?: Cause[];
  stored?: JsonObject;
}

type Path = (string | number)[];
type Target = Record<string | number, Json>;

function change(object: JsonObject, path: Path, apply: (target: Target, key: string | number) => void): JsonObject {
  const copy = structuredClone(object);
  let target = copy as unknown as Target;
  for (const key of path.slice(0, -1)) target = target[key] as unknown as Target;
  apply(target, path.at(-1) ?? '');
  return copy;
}

const mutations: Record<string, (value: Json) => Json> = {
  empty: () => '',
  bad: () => 'Not_Valid!',
  number: () => 7,
  long: () => 'x'.repeat(300),
  minus: () => -1,
  huge: () => 70_000,
  text: (value) => (typeof value === 'boolean' ? 'yes' : 'many'),
  none: () => [],
  twice: (value) => [...(value as Json[]), ...structuredClone(value as Json[])],
};

/** Keys may hold dots (`tls.crt`), so a recorded path is matched against the object it came from. */
function pathOf(object: Json, text: string): Path {
  if (text === '') return [];
  for (const [key, value] of Object.entries((object ?? {}) as JsonObject)) {
    const part = Array.isArray(object) ? Number(key) : key;
    if (text === key) return [part];
    if (text.startsWith(`${key}.`) && typeof value === 'object')
      return [part, ...pathOf(value, text.slice(key.length + 1))];
  }
  throw new Error(`no ${text}`);
}

function mutated(base: JsonObject, { how = '', at = '' }: Line): JsonObject {
  const path = pathOf(base, at);
  if (how === 'drop') return change(base, path, (t, k) => (Array.isArray(t) ? t.splice(Number(k), 1) : delete t[k]));
  if (how === 'unknown') return change(base, path, (t, k) => ((t[k] as JsonObject)['zzz'] = 1));
  return change(base, path, (t, k) => (t[k] = mutations[how]?.(t[k] ?? null) ?? null));
}

const context = {
  now: '<time>',
  user: 'u',
  allocateClusterIp: (wanted?: string) => wanted ?? '10.96.7.7',
  allocateNodePort: (wanted?: number) => wanted ?? 30_000,
};

function create(kind: KindInfo, sent: JsonObject): Answer {
  try {
    const problem = (text: string): Answer => ({
      status: 400,
      message: `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${text}`,
    });
    let decoded;
    try {
      decoded = decodeBuiltin(kind.schema, sent);
    } catch (error) {
      return problem((error as Error).message);
    }
    if (decoded.unknownFields.length > 0) {
      return problem(
        `strict decoding error: ${decoded.unknownFields.map((path) => `unknown field "${path}"`).join(', ')}`,
      );
    }
    const object = decoded.object as unknown as ClusterObject;
    object.metadata ??= { name: '' };
    kind.strategy.defaults(object);
    object.metadata.uid = uid;
    object.metadata.creationTimestamp = '<time>';
    if (kind.namespaced) object.metadata.namespace = 'mutate';
    if (kind.strategy.hasGeneration) object.metadata.generation = 1;
    kind.strategy.prepareForCreate(object, context);
    const causes = kind.strategy.validate(object);
    if (causes.length === 0) return { status: 201, stored: object as unknown as JsonObject };
    const texts = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
    const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
    const what = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
    return { status: 422, message: `${what} "${object.metadata.name ?? ''}" is invalid: ${list}`, causes };
  } catch (error) {
    if (error instanceof ApiError) return { status: error.code, message: error.message };
    return { status: 500, message: String((error as Error).stack) };
  }
}

const uid = '11111111-1111-4111-8111-111111111111';
const ip = /\b10\.\d+\.\d+\.\d+\b(?!\/)/g;

function normal(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null)
      .replace(ip, '<ip>')
      .replaceAll(uid, '<uid>'),
    (key, item) => {
      if (item && typeof item === 'object' && !Array.isArray(item)) {
        return Object.fromEntries(Object.entries(item as object).sort(([a], [b]) => (a < b ? -1 : 1)));
      }
      if (key === 'nodePort') return '<port>';
      return /^clusterIPs?$/.test(key) && item !== 'None' && typeof item === 'string' ? '<ip>' : item;
    },
  );
}

function sorted(causes: Cause[] | undefined): unknown {
  return normal(
    [...(causes ?? [])].sort((a, b) => ((a.field ?? '') + a.message < (b.field ?? '') + b.message ? -1 : 1)),
  );
}

function verdict(line: Line, got: Answer): 'same' | 'causes' | 'status' | 'different' {
  if (line.status !== got.status) return 'different';
  if (line.status === 201)
    return !line.stored || isDeepStrictEqual(normal(line.stored), normal(got.stored)) ? 'same' : 'status';
  if (line.status === 400) return normal(line.message) === normal(got.message) ? 'same' : 'status';
  if (!isDeepStrictEqual(sorted(line.causes), sorted(got.causes))) return 'status';
  return normal(line.message) === normal(got.message) ? 'same' : 'causes';
}

const [, , file = '', only = '', , count = '0'] = process.argv;
const kinds = new Map(builtinKinds().map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind]));
const scores = new Map<string, Record<string, number>>();
let shown = 0;
let base: JsonObject = {};
for (const text of readFileSync(file, 'utf8').trim().split('\n')) {
  const line = JSON.parse(text) as Line;
  if (line.sent) base = line.sent;
  if (only && only !== line.kind && only !== 'all') continue;
  const apiVersion = String(base['apiVersion']);
  const kind = kinds.get(`${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}/${String(base['kind'])}`);
  if (!kind) continue;
  const got = create(kind, line.sent ?? mutated(base, line));
  const result = verdict(line, got);
  const score = scores.get(line.kind) ?? {};
  score[result] = (score[result] ?? 0) + 1;
  scores.set(line.kind, score);
  if (result === 'same' || shown >= Number(count)) continue;
  shown += 1;
  console.log(
    `${line.kind} ${line.how ?? ''} ${line.at ?? ''}: ${result}\n  real ${line.status} ${line.message ?? JSON.stringify(line.stored ?? '')}\n  ours ${got.status} ${got.message ?? JSON.stringify(normal(got.stored))}`,
  );
}
const total: Record<string, number> = {};
for (const [kind, score] of scores) {
  console.log(kind.padEnd(34), JSON.stringify(score));
  for (const [key, value] of Object.entries(score)) total[key] = (total[key] ?? 0) + value;
}
console.log('all'.padEnd(34), JSON.stringify(total));
