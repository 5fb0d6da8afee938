import type { KubeObject } from './types.ts';
import type { Row, ViewEvent } from './view-api.ts';

/** The rows of one kind by namespace and name; every change answers with the events it means, in order. */
export class RowIndex<T extends KubeObject> {
  #namespaces = new Map<string, Map<string, Row<T>>>();
  size = 0;
  /** Of the JSON of all rows. */
  bytes = 0;

  get(namespace: string, name: string): Row<T> | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  sizeOf(namespace: string): number {
    return this.#namespaces.get(namespace)?.size ?? 0;
  }

  *rows(namespace?: string): Generator<Row<T>> {
    if (namespace !== undefined) {
      yield* this.#namespaces.get(namespace)?.values() ?? [];
      return;
    }
    for (const rows of this.#namespaces.values()) yield* rows.values();
  }

  /** Takes in the newest state of one object; one that is known already means nothing. */
  put(row: Row<T>): ViewEvent<T>[] {
    const previous = this.get(row.namespace, row.name);
    if (previous?.resourceVersion === row.resourceVersion) return [];
    this.#set(row);
    this.bytes += row.json.byteLength - (previous?.json.byteLength ?? 0);
    if (!previous) return [{ type: 'added', row }];
    if (previous.uid === row.uid) return [{ type: 'modified', row, previous }];
    // Deleted and made anew under the same name while nobody was looking.
    return [
      { type: 'deleted', row: previous, previous },
      { type: 'added', row },
    ];
  }

  /** Takes out one object; `last` is its state at the end, where the server told. */
  remove(namespace: string, name: string, last?: Row<T>): ViewEvent<T>[] {
    const rows = this.#namespaces.get(namespace);
    const previous = rows?.get(name);
    if (!rows || !previous) return [];
    rows.delete(name);
    if (rows.size === 0) this.#namespaces.delete(namespace);
    this.size--;
    this.bytes -= previous.json.byteLength;
    return [{ type: 'deleted', row: last ?? previous, previous }];
  }

  /** Makes `rows` all there is: what is not among them was deleted meanwhile. */
  replace(rows: readonly Row<T>[]): ViewEvent<T>[] {
    const kept = new Set(rows.map((row) => `${row.namespace}/${row.name}`));
    const gone = [...this.rows()].filter((row) => !kept.has(`${row.namespace}/${row.name}`));
    return [...gone.flatMap((row) => this.remove(row.namespace, row.name)), ...rows.flatMap((row) => this.put(row))];
  }

  #set(row: Row<T>): void {
    let rows = this.#namespaces.get(row.namespace);
    if (!rows) {
      rows = new Map<string, Row<T>>();
      this.#namespaces.set(row.namespace, rows);
    }
    if (!rows.has(row.name)) this.size++;
    rows.set(row.name, row);
  }
}
