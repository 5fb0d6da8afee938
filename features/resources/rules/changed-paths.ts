/** Fields the server keeps; they differ on every write and say nothing to people. */
const serverOwned = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']);

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function step(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}["${key}"]`;
  return path === '' ? key : `${path}.${key}`;
}

function differences(before: unknown, after: unknown, path: string): string[] {
  if (isFields(before) && isFields(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const seen = path === 'metadata' ? keys.filter((key) => !serverOwned.has(key)) : keys;
    return seen.flatMap((key) => differences(before[key], after[key], step(path, key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }).flatMap((_, i) => differences(before[i], after[i], `${path}[${i}]`));
  }
  return Object.is(before, after) ? [] : [path];
}

/** Paths of the fields that differ between two versions of an object, its status and what the server keeps left out. */
export function changedPaths(before: Fields, after: Fields): string[] {
  const { status: _before, ...left } = before;
  const { status: _after, ...right } = after;
  return differences(left, right, '');
}
