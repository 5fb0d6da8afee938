/** How an object fares, in the order a reader should see it: what needs attention first. */
export const states = [
  'failing',
  'degraded',
  'starting',
  'terminating',
  'running',
  'completed',
  'suspended',
  'stopped',
  'unknown',
] as const;

export type State = (typeof states)[number];

/**
 * `state` is the platform's own word, the same for every kind; `word` is the one KubeSphere's `status` filter knows for
 * the kind, e.g. `updating` for a deployment or `Waiting` for a pod.
 */
export interface ObjectStatus {
  readonly state: State;
  readonly word: string;
}

/** A part of an object whose shape the API server has checked, but which may be absent. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The object under `name`, or an empty one. */
export function fieldsOf(parent: Fields | undefined, name: string): Fields {
  const value = parent?.[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return value as Fields; // a non-null object that is no list
}

/** The list under `name`, or an empty one. */
export function listOf<T = Fields>(parent: Fields | undefined, name: string): readonly T[] {
  const value = parent?.[name];
  if (!Array.isArray(value)) return [];
  return value as T[]; // the caller names the items, whose shape the API server has checked
}

/** The number under `name`, or `otherwise`. */
export function numberOf(parent: Fields, name: string, otherwise = 0): number {
  const value = parent[name];
  return typeof value === 'number' ? value : otherwise;
}

/** The text under `name`, or ''. */
export function textOf(parent: Fields, name: string): string {
  const value = parent[name];
  return typeof value === 'string' ? value : '';
}

/** The condition of that type in `status.conditions`, if there is one. */
export function conditionOf(object: Fields, type: string): Condition | undefined {
  return listOf<Condition>(fieldsOf(object, 'status'), 'conditions').find((condition) => condition.type === type);
}
