type Path = readonly (string | number)[];

/** A field that both sides changed, each in its own way. */
export interface Clash {
  readonly path: Path;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

/** The merged value, and where the two sides clashed. */
export interface Merge {
  readonly value: unknown;
  readonly clashes: readonly Clash[];
}

interface Sides {
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

type WinsMine = (clash: Clash) => boolean;
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
  const isNamed = names.size === list.length && !names.has(undefined);
  return isNamed ? (Object.fromEntries(entries) as Fields) : undefined; // names to items
}

interface FieldSides {
  readonly base: Fields;
  readonly mine: Fields;
  readonly theirs: Fields;
}

function mergeFields(path: Path, { base, mine, theirs }: FieldSides, winsMine: WinsMine): Merge {
  const clashes: Clash[] = [];
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const each = mergeAt([...path, key], { base: base[key], mine: mine[key], theirs: theirs[key] }, winsMine);
    clashes.push(...each.clashes);
    if (each.value !== undefined) merged[key] = each.value;
  }
  return { value: merged, clashes };
}

function mergeLists(path: Path, { base, mine, theirs }: Sides, winsMine: WinsMine): Merge | undefined {
  const [own, other] = [byName(mine), byName(theirs)];
  if (!own || !other) return undefined;
  const { value, clashes } = mergeFields(path, { base: byName(base) ?? {}, mine: own, theirs: other }, winsMine);
  return { value: Object.values(value as Fields), clashes }; // mergeFields always gives fields
}

function mergeChanged(path: Path, sides: Sides, winsMine: WinsMine): Merge {
  const { base, mine, theirs } = sides;
  if (isFields(mine) && isFields(theirs))
    return mergeFields(path, { base: isFields(base) ? base : {}, mine, theirs }, winsMine);
  const lists = mergeLists(path, sides, winsMine);
  if (lists) return lists;
  const clash = { path, ...sides };
  return { value: winsMine(clash) ? mine : theirs, clashes: [clash] };
}

function mergeAt(path: Path, sides: Sides, winsMine: WinsMine): Merge {
  const { base, mine, theirs } = sides;
  if (isSame(mine, base) || isSame(mine, theirs)) return { value: theirs, clashes: [] };
  if (isSame(theirs, base)) return { value: mine, clashes: [] };
  return mergeChanged(path, sides, winsMine);
}

/** Three versions of one object; in a clash theirs stands unless `winsMine` says otherwise. */
export interface Edits extends Sides {
  readonly winsMine?: (clash: Clash) => boolean;
}

/** Brings two edits of one object together where they do not touch, and names the fields where they do. */
export function mergeEdits({ winsMine = () => false, ...sides }: Edits): Merge {
  return mergeAt([], sides, winsMine);
}

/** `spec.template.spec.containers[web].image`: a path as people read it. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => (/^[A-Za-z_]\w*$/.test(String(part)) ? `${index > 0 ? '.' : ''}${part}` : `[${part}]`))
    .join('');
}
