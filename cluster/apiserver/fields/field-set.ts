import type { JsonObject } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';

/**
 * A set of paths in an object, as FieldsV1 writes them: `f:name` for a field, `k:{...}` for an item of a keyed list,
 * `v:...` for an item of a set, and `.` where a path that has others below it is itself a member. Never changed once made.
 */
export class FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
  #json: JsonObject | undefined;

  constructor(members: Iterable<string> = [], children: Iterable<readonly [string, FieldSet]> = []) {
    this.members = new Set(members);
    this.children = new Map([...children].filter(([, child]) => !child.isEmpty));
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.children.size === 0;
  }

  child(element: string): FieldSet {
    return this.children.get(element) ?? emptySet;
  }

  #combine(other: FieldSet, members: Iterable<string>, combine: (a: FieldSet, b: FieldSet) => FieldSet): FieldSet {
    const elements = new Set([...this.children.keys(), ...other.children.keys()]);
    return new FieldSet(
      members,
      [...elements].map((element) => [element, combine(this.child(element), other.child(element))] as const),
    );
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    return this.#combine(other, [...this.members, ...other.members], (a, b) => a.union(b));
  }

  intersection(other: FieldSet): FieldSet {
    const members = [...this.members].filter((member) => other.members.has(member));
    return this.#combine(other, members, (a, b) => (a.isEmpty || b.isEmpty ? emptySet : a.intersection(b)));
  }

  /** The set itself where nothing of it goes: the most common case by far. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty || this.isEmpty) return this;
    let isSame = true;
    const children: [string, FieldSet][] = [];
    for (const [element, child] of this.children) {
      const left = child.difference(other.child(element));
      isSame &&= left === child;
      children.push([element, left]);
    }
    for (const member of this.members) isSame &&= !other.members.has(member);
    if (isSame) return this;
    const members = [...this.members].filter((member) => !other.members.has(member));
    return new FieldSet(members, children);
  }

  /** Like `difference`, but whatever lies below a member of `other` goes too. */
  withoutSubtrees(other: FieldSet): FieldSet {
    const members = [...this.members].filter((member) => !other.members.has(member));
    const children = [...this.children].filter(([element]) => !other.members.has(element));
    return new FieldSet(
      members,
      children.map(([element, child]) => [element, child.withoutSubtrees(other.child(element))] as const),
    );
  }

  /** Every ancestor by field name of a member is a member too: then a container is owned by who owns what is in it. */
  withContainers(): FieldSet {
    const containers = [...this.children.keys()].filter((element) => element.startsWith('f:'));
    return new FieldSet(
      [...this.members, ...containers],
      [...this.children].map(([element, child]) => [element, child.withContainers()] as const),
    );
  }

  equals(other: FieldSet): boolean {
    if (this.members.size !== other.members.size || this.children.size !== other.children.size) return false;
    for (const member of this.members) if (!other.members.has(member)) return false;
    for (const [element, child] of this.children) if (!child.equals(other.child(element))) return false;
    return true;
  }

  /** Members as messages write them: `.spec.ports[p=1,proto="TCP"].v`. */
  paths(prefix = ''): string[] {
    const elements = [...new Set([...this.members, ...this.children.keys()])].sort(byElement);
    return elements.flatMap((element) => {
      const path = prefix + printed(element);
      return [...(this.members.has(element) ? [path] : []), ...this.child(element).paths(path)];
    });
  }

  /** Not to be changed by who is given it: a set that was read gives back what it was read from. */
  toFieldsV1(): JsonObject {
    if (this.#json) return this.#json;
    const elements = [...new Set([...this.members, ...this.children.keys()])].sort(byElement);
    const fields: JsonObject = {};
    for (const element of elements) {
      const below = this.child(element).toFieldsV1();
      fields[element] = this.members.has(element) && this.children.has(element) ? { '.': {}, ...below } : below;
    }
    return fields;
  }

  /** The set, which remembers how it is written: for one that is written often. */
  written(): this {
    this.#json ??= this.toFieldsV1();
    return this;
  }

  /** Reads FieldsV1 that `toFieldsV1` has made. */
  static fromOwn(this: void, fields: JsonObject): FieldSet {
    const set = FieldSet.fromFieldsV1(fields);
    set.#json = fields;
    return set;
  }

  /** Reads FieldsV1; what is not an object counts as a leaf. */
  static fromFieldsV1(this: void, fields: JsonObject): FieldSet {
    const members: string[] = [];
    const children: [string, FieldSet][] = [];
    for (const [element, below] of Object.entries(fields)) {
      if (element === '.') continue;
      if (!isObject(below) || Object.keys(below).length === 0 || below['.'] !== undefined) members.push(element);
      if (isObject(below)) children.push([element, FieldSet.fromFieldsV1(below)]);
    }
    return new FieldSet(members, children);
  }
}

export const emptySet = new FieldSet();

const rank = (element: string): number => 'fkvi'.indexOf(element[0] ?? 'f');
const byElement = (a: string, b: string): number => (a[0] === b[0] ? (a < b ? -1 : 1) : rank(a) - rank(b));

function printed(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (!element.startsWith('k:')) return `[${rest}]`;
  const key = JSON.parse(rest) as JsonObject; // JSON has no other values
  return `[${Object.entries(key)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}
