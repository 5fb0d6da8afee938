import { labels } from '@feature/iam/contract';
import type { Row, View } from '@kit/kube';

/** The namespaces of each workspace, kept current by the changes of a view: asking costs what is answered. */
export class ProjectIndex {
  readonly #view: View;
  readonly #names = new Map<string, Set<string>>();

  constructor(view: View) {
    this.#view = view;
    for (const row of view.rows()) this.#add(row);
    view.subscribe((event) => {
      if (event.previous) this.#remove(event.previous);
      if (event.type !== 'deleted') this.#add(event.row);
    });
  }

  /** Rows of the projects of a workspace. */
  *of(workspace: string): Iterable<Row> {
    for (const name of this.#names.get(workspace) ?? []) {
      const row = this.#view.get('', name);
      if (row) yield row;
    }
  }

  /** The rows of those names that exist. */
  *named(names: Iterable<string>): Iterable<Row> {
    for (const name of names) {
      const row = this.#view.get('', name);
      if (row) yield row;
    }
  }

  /** Every namespace, projects or not. */
  all(): Iterable<Row> {
    return this.#view.rows();
  }

  #add(row: Row): void {
    const workspace = row.labels[labels.workspace];
    if (!workspace) return;
    const names = this.#names.get(workspace) ?? new Set();
    this.#names.set(workspace, names.add(row.name));
  }

  #remove(row: Row): void {
    const workspace = row.labels[labels.workspace];
    if (!workspace) return;
    const names = this.#names.get(workspace);
    names?.delete(row.name);
    if (names?.size === 0) this.#names.delete(workspace);
  }
}
