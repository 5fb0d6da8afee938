/** One field that two versions of an object do not share. */
export interface FieldChange {
  /** As people write it: `spec.containers[web].image`. */
  readonly path: string;
  /** Defaulted: the server set it, nobody asked. */
  readonly kind: 'added' | 'changed' | 'removed' | 'defaulted';
  readonly before?: unknown;
  readonly after?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Written by the server on every change; they tell nothing about what somebody did. */
const bookkeeping = new Set([
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.uid',
  'metadata.creationTimestamp',
  'status',
]);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What tells the items of a Kubernetes list apart; without any of these they go by position. */
function itemKey(item: unknown, index: number): string {
  if (!isFields(item)) return String(index);
  const key = item['name'] ?? item['containerPort'] ?? item['port'] ?? item['mountPath'] ?? item['ip'] ?? item['type'];
  return typeof key === 'string' || typeof key === 'number' ? String(key) : String(index);
}

function byKey(items: readonly unknown[]): Map<string, unknown> {
  const keys = items.map(itemKey);
  const isUnique = new Set(keys).size === keys.length;
  return new Map(items.map((item, index) => [isUnique ? (keys[index] ?? String(index)) : String(index), item]));
}

/** The parts of a value with the names they have in a path; undefined for a plain value. */
function partsOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map([...byKey(value)].map(([key, item]) => [`[${key}]`, item]));
  if (isFields(value))
    return new Map(Object.entries(value).map(([key, item]) => [/^[\w-]+$/.test(key) ? `.${key}` : `[${key}]`, item]));
  return undefined;
}

function join(path: string, part: string): string {
  return path === '' && part.startsWith('.') ? part.slice(1) : `${path}${part}`;
}

interface Walk {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** What the user sent; a new value that is not in it came from the server. */
  readonly asked: unknown;
  readonly knowsAsked: boolean;
}

function kindOf({ before, after, asked, knowsAsked }: Walk): FieldChange['kind'] {
  if (after === undefined) return 'removed';
  if (knowsAsked && asked === undefined) return 'defaulted';
  return before === undefined ? 'added' : 'changed';
}

type Parts = ReadonlyMap<string, unknown>;
const noParts: Parts = new Map();

/** The parts to compare one by one, or undefined where the values are compared as wholes. */
function openedUp({ before, after, asked, knowsAsked }: Walk): { old: Parts; now: Parts; sent: Parts } | undefined {
  const [old, now, sent = noParts] = [partsOf(before), partsOf(after), partsOf(asked)];
  if (now === undefined) return undefined;
  if (old) return Array.isArray(before) === Array.isArray(after) ? { old, now, sent } : undefined;
  // A new object of which the user sent only some parts: the others are the server's.
  return knowsAsked && before === undefined && sent.size > 0 ? { old: noParts, now, sent } : undefined;
}

function* walk(at: Walk): Generator<FieldChange> {
  const { path, before, after, knowsAsked } = at;
  if (bookkeeping.has(path)) return;
  const parts = openedUp(at);
  if (!parts) {
    if (JSON.stringify(before) !== JSON.stringify(after)) yield { path, kind: kindOf(at), before, after };
    return;
  }
  const { old, now, sent } = parts;
  for (const part of new Set([...old.keys(), ...now.keys()])) {
    const asked = sent.get(part);
    yield* walk({ path: join(path, part), before: old.get(part), after: now.get(part), asked, knowsAsked });
  }
}

/**
 * The fields in which two versions of an object differ, list items matched by name. With `asked`, what the user sent,
 * fields that only the server set are told apart.
 */
export function diffObjects(before: unknown, after: unknown, asked?: unknown): FieldChange[] {
  return [...walk({ path: '', before, after, asked, knowsAsked: asked !== undefined })];
}
