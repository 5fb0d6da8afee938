import type { ObjectKey, Version } from './version.ts';

class NamespaceObjects {
  readonly byName = new Map<string, Version>();
  /** Known once somebody has asked for the order. Sorting a sorted list with a short tail costs little. */
  #sorted: string[] | undefined;
  /** Of the sorted names those without an object. */
  readonly #gone = new Set<string>();
  #isSorted = true;

  set(version: Version): void {
    const { name } = version.key;
    if (this.#sorted && !this.byName.has(name) && !this.#gone.delete(name)) {
      this.#sorted.push(name);
      this.#isSorted = false;
    }
    this.byName.set(name, version);
  }

  delete(name: string): void {
    if (this.byName.delete(name) && this.#sorted) this.#gone.add(name);
  }

  addInOrder(found: Version[]): void {
    for (const name of this.#names()) {
      const version = this.byName.get(name);
      if (version) found.push(version);
    }
  }

  #names(): readonly string[] {
    this.#sorted ??= [...this.byName.keys()].sort();
    if (this.#gone.size > 0) this.#sorted = this.#sorted.filter((name) => !this.#gone.has(name));
    if (!this.#isSorted) this.#sorted.sort();
    this.#gone.clear();
    this.#isSorted = true;
    return this.#sorted;
  }
}

// Objects are ordered by "namespace/name", so "a-b" comes before "a".
const byPath = (a: string, b: string): number => (`${a}/` < `${b}/` ? -1 : 1);

/** The newest version of every object, by resource, namespace and name. */
export class LiveObjects {
  #resources = new Map<string, Map<string, NamespaceObjects>>();

  get({ resource, namespace, name }: ObjectKey): Version | undefined {
    return this.#resources.get(resource)?.get(namespace)?.byName.get(name);
  }

  set(version: Version): void {
    const { resource, namespace } = version.key;
    let namespaces = this.#resources.get(resource);
    if (!namespaces) this.#resources.set(resource, (namespaces = new Map<string, NamespaceObjects>()));
    let objects = namespaces.get(namespace);
    if (!objects) namespaces.set(namespace, (objects = new NamespaceObjects()));
    objects.set(version);
  }

  delete({ resource, namespace, name }: ObjectKey): void {
    const namespaces = this.#resources.get(resource);
    const objects = namespaces?.get(namespace);
    objects?.delete(name);
    if (objects?.byName.size === 0) namespaces?.delete(namespace);
  }

  /** The objects of one resource, of one namespace or of all, in the order of "namespace/name". */
  list(resource: string, namespace?: string): Version[] {
    const namespaces = this.#resources.get(resource);
    if (!namespaces) return [];
    const names = namespace === undefined ? [...namespaces.keys()].sort(byPath) : [namespace];
    const found: Version[] = [];
    for (const name of names) namespaces.get(name)?.addInOrder(found);
    return found;
  }
}

/** The order of a list: by "namespace/name". */
export function compareKeys(a: ObjectKey, b: ObjectKey): number {
  if (a.namespace !== b.namespace) return byPath(a.namespace, b.namespace);
  return a.name < b.name ? -1 : a.name === b.name ? 0 : 1;
}
