import type { Json, JsonObject } from '../../schema/schema.ts';
import { isObject } from '../../schema/structural-schema.ts';

interface Operation {
  readonly op?: string;
  readonly path?: string;
  readonly from?: string;
  readonly value?: Json;
}

type Container = JsonObject | Json[];

const isContainer = (value: Json | undefined): value is Container => Array.isArray(value) || isObject(value);
const unescape = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');
const forbiddenKey = '__proto__';

/** Where a path leads: the container of its last step, if there is one. */
function locate(root: JsonObject, path: string): { container: Container | undefined; key: string } {
  const steps = path.split('/').slice(1).map(unescape);
  const key = steps.pop() ?? '';
  let at: Json | undefined = root;
  for (const step of steps) {
    if (!isContainer(at)) return { container: undefined, key };
    at = read(at, step);
  }
  return { container: isContainer(at) && key !== forbiddenKey ? at : undefined, key };
}

function read(container: Container, key: string): Json | undefined {
  if (Array.isArray(container)) return container[Number(key)];
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

function indexIn(key: string, last: number): number {
  const index = Number(key);
  if (!/^-?\d+$/.test(key)) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`);
  const from = index < 0 ? index + last + 1 : index;
  if (from < 0 || from > last) throw new Error(`Unable to access invalid index: ${index}: invalid index referenced`);
  return from;
}

function add(container: Container, key: string, value: Json): void {
  if (!Array.isArray(container)) container[key] = value;
  else if (key === '-') container.push(value);
  else container.splice(indexIn(key, container.length), 0, value);
}

function remove(container: Container, key: string): void {
  if (Array.isArray(container)) container.splice(indexIn(key, container.length - 1), 1);
  else if (Object.hasOwn(container, key)) Reflect.deleteProperty(container, key);
  else throw new Error(`Unable to remove nonexistent key: ${key}: missing value`);
}

function set(container: Container, key: string, value: Json): void {
  if (Array.isArray(container)) container[indexIn(key, container.length - 1)] = value;
  else container[key] = value;
}

function within(what: string, path: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw new Error(`error in ${what} for path: '${path}': ${(error as Error).message}`, { cause: error }); // thrown by this file
  }
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null);
  return canonical(a) === canonical(b);
}

const canonical = (value: Json): string =>
  JSON.stringify(value, (_key, item: Json) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([x], [y]) => (x < y ? -1 : 1))) : item,
  );

type Apply = (root: JsonObject, operation: Operation & { path: string }) => void;

function missing(op: string, rest: string): Error {
  return new Error(`${op} operation does not apply: ${rest}: missing value`);
}

function source(
  root: JsonObject,
  op: string,
  from: string,
): { container: Container; key: string; value: Json | undefined } {
  const { container, key } = locate(root, from);
  if (!container) throw missing(op, `doc is missing from path: ${from}`);
  return { container, key, value: read(container, key) };
}

const operations: Readonly<Record<string, Apply>> = {
  add(root, { path, value = null }) {
    const { container, key } = locate(root, path);
    if (!container) throw missing('add', `doc is missing path: ${JSON.stringify(path)}`);
    within('add', path, () => add(container, key, value));
  },
  remove(root, { path }) {
    const { container, key } = locate(root, path);
    if (!container) throw missing('remove', `doc is missing path: ${JSON.stringify(path)}`);
    within('remove', path, () => remove(container, key));
  },
  // A field that is not there is set, as the real server's library does.
  replace(root, { path, value = null }) {
    const { container, key } = locate(root, path);
    if (!container) throw missing('replace', `doc is missing path: ${path}`);
    if (Array.isArray(container) && read(container, key) === undefined)
      throw missing('replace', `doc is missing key: ${path}`);
    within('remove', path, () => set(container, key, value));
  },
  move(root, { path, from = '' }) {
    const { container, key, value = null } = source(root, 'move', from);
    within('move', path, () => remove(container, key));
    const target = locate(root, path);
    if (!target.container) throw missing('move', `doc is missing destination path: ${path}`);
    const { container: into } = target;
    within('move', path, () => add(into, target.key, value));
  },
  copy(root, { path, from = '' }) {
    const { value = null } = source(root, 'copy', from);
    const { container, key } = locate(root, path);
    if (!container) throw missing('copy', `doc is missing destination path: ${path}`);
    within('copy', path, () => add(container, key, structuredClone(value)));
  },
  test(root, { path, value = null }) {
    const { container, key } = locate(root, path);
    if (!container) throw missing('test', `is missing path: ${path}`);
    if (!same(read(container, key), value)) throw new Error(`testing value ${path} failed: test failed`);
  },
};

/** The operations of a decoded patch. Throws an `Error` in the words of the real server's JSON library. */
export function patchOperations(patch: Json): readonly Operation[] {
  if (Array.isArray(patch)) return patch.map((operation) => (isObject(operation) ? operation : {}));
  const found = isObject(patch) ? 'object' : typeof patch === 'boolean' ? 'bool' : typeof patch;
  if (patch === null) return [];
  throw new Error(`json: cannot unmarshal ${found} into Go value of type jsonpatch.Patch`);
}

/**
 * RFC 6902 as the real server applies the patches of webhooks: its older library differs from that of PATCH in small
 * things. Throws an `Error` whose message is the library's.
 */
export function applyWebhookPatch(object: JsonObject, patch: readonly Operation[]): JsonObject {
  const root = structuredClone(object);
  for (const operation of patch) {
    const { op = 'unknown', path } = operation;
    const apply = Object.hasOwn(operations, op) ? operations[op] : undefined;
    if (!apply) throw new Error(`Unexpected kind: ${op}`);
    if (typeof path !== 'string') throw new Error(`${op} operation failed to decode path: missing value`);
    apply(root, { ...operation, path });
  }
  return root;
}
