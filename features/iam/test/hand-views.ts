import type { KubeObject, ResourceType, Row, View, ViewEvent, Views } from '@kit/kube';
import { labels } from '../contract/index.ts';
import type { BindingObject, PolicyRule, RoleObject, Subject } from '../contract/index.ts';

type Listener = (event: ViewEvent) => void;

function rowOf(object: KubeObject): Row {
  const { namespace = '', name, labels: own = {} } = object.metadata;
  const row = { namespace, name, uid: name, resourceVersion: '1', createdMs: 0, labels: own };
  return { ...row, object: () => structuredClone(object) } as unknown as Row; // all that an index reads of a row
}

/** Views that are filled by hand, in one process and without a cluster: as much of them as an index of rights reads. */
export class HandViews implements Pick<Views, 'of'> {
  readonly #rows = new Map<string, Map<string, Map<string, Row>>>();
  readonly #listeners = new Map<string, Set<Listener>>();

  of<T extends KubeObject>({ kind }: ResourceType): View<T> {
    const rows = this.#rowsOf(kind);
    const view: Partial<View> = {
      synced: true,
      ready: async () => undefined,
      rows: () => [...rows.values()].flatMap((own) => [...own.values()]),
      get: (namespace, name) => rows.get(namespace)?.get(name),
      subscribe: (listener) => {
        const listeners = this.#listeners.get(kind) ?? new Set();
        this.#listeners.set(kind, listeners.add(listener));
        return () => void listeners.delete(listener);
      },
    };
    return view as View<T>;
  }

  /** Takes an object in, or its newest state. */
  put(object: KubeObject): void {
    const row = rowOf(object);
    const rows = this.#rowsOf(object.kind);
    const own = rows.get(row.namespace) ?? new Map<string, Row>();
    const previous = own.get(row.name);
    rows.set(row.namespace, own.set(row.name, row));
    this.#tell(object.kind, previous ? { type: 'modified', row, previous } : { type: 'added', row });
  }

  remove({ kind, metadata: { namespace = '', name } }: KubeObject): void {
    const rows = this.#rowsOf(kind).get(namespace);
    const previous = rows?.get(name);
    if (!previous) return;
    rows?.delete(name);
    this.#tell(kind, { type: 'deleted', row: previous, previous });
  }

  /** The rows are no longer needed; what was made of them stays. */
  forgetRows(kind: string): void {
    this.#rowsOf(kind).clear();
  }

  #tell(kind: string, event: ViewEvent): void {
    for (const listener of this.#listeners.get(kind) ?? []) listener(event);
  }

  #rowsOf(kind: string): Map<string, Map<string, Row>> {
    const rows = this.#rows.get(kind) ?? new Map<string, Map<string, Row>>();
    this.#rows.set(kind, rows);
    return rows;
  }
}

export interface Place {
  readonly namespace?: string;
  readonly workspace?: string;
}

function metadataOf(name: string, { namespace, workspace }: Place): KubeObject['metadata'] {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(workspace === undefined ? {} : { labels: { [labels.workspace]: workspace } }),
  };
}

export function namespaceOf(name: string, workspace?: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: metadataOf(name, workspace === undefined ? {} : { workspace }),
  };
}

export function roleOf(kind: string, name: string, given: Place & { readonly rules: PolicyRule[] }): RoleObject {
  return { apiVersion: 'any/v1', kind, metadata: metadataOf(name, given), rules: given.rules };
}

export function bindingOf(
  kind: string,
  name: string,
  given: Place & { readonly role: { readonly kind: string; readonly name: string }; readonly subjects: Subject[] },
): BindingObject {
  const roleRef = { apiGroup: 'any', ...given.role };
  return {
    apiVersion: 'any/v1',
    kind,
    metadata: metadataOf(name, given),
    roleRef,
    subjects: given.subjects,
  };
}
