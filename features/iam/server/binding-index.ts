import type { Row } from '@kit/kube';
import { labels } from '../contract/index.ts';
import type { BindingObject, Subject } from '../contract/index.ts';
import type { BindingPlace } from '../rules/places-to-look.ts';

/** One subject's hold on one role in one place. */
export interface Grant {
  /** `kind/namespace/name` of the role. */
  readonly role: string;
  readonly roleName: string;
  /** For people: `WorkspaceRoleBinding mark-dev-viewer`. */
  readonly binding: string;
  readonly bindingName: string;
}

/** `User:jane` or `Group:ops`. */
export type SubjectKey = `${string}:${string}`;

export function subjectKey({ kind, name, namespace }: Subject): SubjectKey {
  if (kind === 'ServiceAccount') return `User:system:serviceaccount:${namespace ?? ''}:${name}`;
  return kind === 'Group' ? `Group:${name}` : `User:${name}`;
}

export function roleKey(kind: string, namespace: string, name: string): string {
  return kind === 'Role' ? `Role/${namespace}/${name}` : `${kind}//${name}`;
}

/** All bindings of all levels, found by place and subject without a scan. */
export class BindingIndex {
  readonly #byPlace = new Map<string, Map<SubjectKey, Grant[]>>();
  readonly #placesOf = new Map<SubjectKey, Map<BindingPlace, number>>();
  readonly #undo = new Map<string, () => void>();

  /** Takes a new or changed binding in; the one known before under that name is forgotten first. */
  put(kind: string, row: Row<BindingObject>): void {
    this.remove(kind, row);
    const place = placeOf(kind, row);
    if (!place) return;
    const { roleRef, subjects = [] } = row.object();
    const grant: Grant = {
      role: roleKey(roleRef.kind, row.namespace, roleRef.name),
      roleName: roleRef.name,
      binding: `${kind} ${row.name}`,
      bindingName: row.name,
    };
    const keys = [...new Set(subjects.map(subjectKey))];
    for (const key of keys) this.#add(place, key, grant);
    this.#undo.set(idOf(kind, row), () => keys.forEach((key) => this.#drop(place, key, grant)));
  }

  remove(kind: string, row: Row): void {
    const id = idOf(kind, row);
    this.#undo.get(id)?.();
    this.#undo.delete(id);
  }

  grants(place: BindingPlace, subject: SubjectKey): readonly Grant[] {
    return this.#byPlace.get(place)?.get(subject) ?? [];
  }

  /** Everybody with a grant in a place. */
  subjectsIn(place: BindingPlace): ReadonlyMap<SubjectKey, readonly Grant[]> {
    return this.#byPlace.get(place) ?? new Map();
  }

  placesOf(subject: SubjectKey): Iterable<BindingPlace> {
    return this.#placesOf.get(subject)?.keys() ?? [];
  }

  #add(place: BindingPlace, key: SubjectKey, grant: Grant): void {
    const subjects = getOrMake(this.#byPlace, place, () => new Map<SubjectKey, Grant[]>());
    getOrMake(subjects, key, () => []).push(grant);
    const places = getOrMake(this.#placesOf, key, () => new Map<BindingPlace, number>());
    places.set(place, (places.get(place) ?? 0) + 1);
  }

  #drop(place: BindingPlace, key: SubjectKey, grant: Grant): void {
    const subjects = this.#byPlace.get(place);
    const places = this.#placesOf.get(key);
    if (!subjects || !places) return;
    const left = (subjects.get(key) ?? []).filter((other) => other !== grant);
    setOrDelete(subjects, key, left.length > 0 ? left : undefined);
    if (subjects.size === 0) this.#byPlace.delete(place);
    setOrDelete(places, place, (places.get(place) ?? 1) - 1 || undefined);
    if (places.size === 0) this.#placesOf.delete(key);
  }
}

function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function placeOf(kind: string, row: Row): BindingPlace | undefined {
  if (kind === 'GlobalRoleBinding') return 'platform';
  if (kind === 'ClusterRoleBinding') return 'cluster';
  if (kind === 'RoleBinding') return `project/${row.namespace}`;
  const workspace = row.labels[labels.workspace];
  return workspace ? `workspace/${workspace}` : undefined;
}

function idOf(kind: string, row: Row): string {
  return `${kind}/${row.namespace}/${row.name}`;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
