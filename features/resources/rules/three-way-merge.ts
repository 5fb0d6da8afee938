type Path = readonly (string | number)[];

/** A field that both sides changed, each in its own way. */
export interface Clash {
  readonly path: Path;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

/** The merged value, with theirs where the two clash. */
export interface Merge {
  readonly value: unknown;
  readonly clashes: readonly Clash[];
}

interface Sides {
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal as JSON, whatever the order of the fields. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, index) => isSame(each, b[index]));
  if (!isFields(a) || !isFields(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]));
}

/** Lists of containers, ports, variables ... are sets of named things; the name says which is which. */
function byName(list: unknown): Fields | undefined {
  if (!Array.isArray(list)) return undefined;
  const entries = list.map((each: unknown) => [isFields(each) ? each['name'] : undefined, each] as const);
  const names = new Set(entries.map(([name]) => name));
  return names.size === list.length && !names.has(undefined) ? Object.fromEntries(entries) : undefined;
}

function mergeFields(path: Path, base: Fields, mine: Fields, theirs: Fields): Merge {
  const clashes: Clash[] = [];
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const each = mergeAt([...path, key], { base: base[key], mine: mine[key], theirs: theirs[key] });
    clashes.push(...each.clashes);
    if (each.value !== undefined) merged[key] = each.value;
  }
  return { value: merged, clashes };
}

function mergeAt(path: Path, { base, mine, theirs }: Sides): Merge {
  if (isSame(mine, base) || isSame(mine, theirs)) return { value: theirs, clashes: [] };
  if (isSame(theirs, base)) return { value: mine, clashes: [] };
  if (isFields(mine) && isFields(theirs)) return mergeFields(path, isFields(base) ? base : {}, mine, theirs);
  const named = { mine: byName(mine), theirs: byName(theirs) };
  if (named.mine && named.theirs) {
    const { value, clashes } = mergeFields(path, byName(base) ?? {}, named.mine, named.theirs);
    return { value: Object.values(value as Fields), clashes }; // mergeFields always gives fields
  }
  return { value: theirs, clashes: [{ path, base, mine, theirs }] };
}

/** Brings two edits of one object together where they do not touch, and names the fields where they do. */
export function mergeEdits(sides: Sides): Merge {
  return mergeAt([], sides);
}

/** `spec.template.spec.containers[web].image`: a path as people read it. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => (/^[A-Za-z_]\w*$/.test(String(part)) ? `${index > 0 ? '.' : ''}${part}` : `[${part}]`))
    .join('');
}
