import type { Row } from '@kit/kube';
import { labels } from '../contract/index.ts';
import type { BindingObject, Subject } from '../contract/index.ts';
import type { BindingPlace } from '../rules/places-to-look.ts';
import type { RoleName } from './role-table.ts';

/** One subject's hold on one role in one place. There is one of these for every binding: it keeps no text of its own. */
export class Grant implements RoleName {
  readonly bindingName: string;
  readonly roleKind: string;
  readonly roleNamespace: string;
  readonly roleName: string;
  readonly #bindingKind: string;

  constructor(kind: string, row: Row, { kind: roleKind, name }: BindingObject['roleRef']) {
    this.#bindingKind = kind;
    this.bindingName = row.name;
    this.roleKind = roleKind;
    this.roleNamespace = roleKind === 'Role' ? row.namespace : '';
    this.roleName = name;
  }

  /** `kind/namespace/name` of the role. */
  get role(): string {
    return `${this.roleKind}/${this.roleNamespace}/${this.roleName}`;
  }

  /** For people: `WorkspaceRoleBinding mark-dev-viewer`. */
  get binding(): string {
    return `${this.#bindingKind} ${this.bindingName}`;
  }
}

/** What one binding put into the index. */
interface Entry {
  readonly place: BindingPlace;
  readonly subjects: readonly SubjectKey[];
  readonly grant: Grant;
}

const none: readonly Grant[] = [];
const nobody: ReadonlySet<SubjectKey> = new Set();

/** `User:jane` or `Group:ops`. */
export type SubjectKey = `${string}:${string}`;

export function subjectKey({ kind, name, namespace }: Subject): SubjectKey {
  if (kind === 'ServiceAccount') return `User:system:serviceaccount:${namespace ?? ''}:${name}`;
  return kind === 'Group' ? `Group:${name}` : `User:${name}`;
}

/** What a subject has been given, by place. */
export type Holdings = ReadonlyMap<BindingPlace, readonly Grant[]>;

/** All bindings of all levels, found by place and subject without a scan. */
export class BindingIndex {
  readonly #bySubject = new Map<SubjectKey, Map<BindingPlace, Grant[]>>();
  readonly #byPlace = new Map<BindingPlace, Set<SubjectKey>>();
  readonly #entries = new Map<string, Entry>();

  /** Takes a new or changed binding in; the one known before under that name is forgotten first. */
  put(kind: string, row: Row<BindingObject>): void {
    this.remove(kind, row);
    const place = placeOf(kind, row);
    if (!place) return;
    const { roleRef, subjects = [] } = row.object();
    const grant = new Grant(kind, row, roleRef);
    const entry: Entry = { place, subjects: [...new Set(subjects.map(subjectKey))], grant };
    for (const key of entry.subjects) this.#add(place, key, grant);
    this.#entries.set(idOf(kind, row), entry);
  }

  remove(kind: string, row: Row): void {
    const id = idOf(kind, row);
    const entry = this.#entries.get(id);
    if (!entry) return;
    for (const key of entry.subjects) this.#drop(entry, key);
    this.#entries.delete(id);
  }

  /** All of a subject; absent for who has nothing anywhere. */
  holdings(subject: SubjectKey): Holdings | undefined {
    return this.#bySubject.get(subject);
  }

  grants(place: BindingPlace, subject: SubjectKey): readonly Grant[] {
    return this.#bySubject.get(subject)?.get(place) ?? none;
  }

  /** Everybody with a grant in a place. */
  subjectsIn(place: BindingPlace): ReadonlySet<SubjectKey> {
    return this.#byPlace.get(place) ?? nobody;
  }

  placesOf(subject: SubjectKey): Iterable<BindingPlace> {
    return this.#bySubject.get(subject)?.keys() ?? [];
  }

  #add(place: BindingPlace, key: SubjectKey, grant: Grant): void {
    const places = getOrMake(this.#bySubject, key, () => new Map<BindingPlace, Grant[]>());
    getOrMake(places, place, () => []).push(grant);
    getOrMake(this.#byPlace, place, () => new Set<SubjectKey>()).add(key);
  }

  #drop({ place, grant }: Entry, key: SubjectKey): void {
    const left = this.grants(place, key).filter((other) => other !== grant);
    if (left.length > 0) return void this.#bySubject.get(key)?.set(place, left);
    dropFrom(this.#bySubject, key, place);
    dropFrom(this.#byPlace, place, key);
  }
}

/** Takes a member out, and with the last one the whole group. */
function dropFrom<K, M>(
  groups: Map<K, { delete(member: M): boolean; readonly size: number }>,
  key: K,
  member: M,
): void {
  const group = groups.get(key);
  group?.delete(member);
  if (group?.size === 0) groups.delete(key);
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
