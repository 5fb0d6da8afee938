import { isApiError } from '@kit/base';
import type { User } from '@kit/http';
import type { NamespaceSet, Row, View } from '@kit/kube';
import { firstInOrder } from '@kit/kube/listing';
import { untilSynced } from '../until-synced.ts';
import type { ListRight, Visible, VisiblePlaces } from '../visible-places.ts';
import type { ListedKind } from '../lists/listed-kind.ts';
import { KindIndex } from './kind-index.ts';
import { scoreOf } from './score.ts';

/** Something found: a row of a kind, and how well it fits. */
export interface Hit {
  readonly kind: ListedKind;
  readonly row: Row;
  readonly score: number;
}

export interface SearchTask {
  readonly user: User;
  /** In lower case. */
  readonly words: readonly string[];
  /** In the order in which equally good ones are answered. */
  readonly kinds: readonly ListedKind[];
  readonly workspace?: string | undefined;
  readonly namespace?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface Found {
  readonly hits: readonly Hit[];
  readonly totalItems: number;
  /** How many there are of each kind. */
  readonly byKind: Readonly<Record<string, number>>;
  /** Kinds that could not be read in time. */
  readonly missing: readonly string[];
}

/** Searches the objects of many kinds, each only where the caller may list it. */
export class SearchIndex {
  readonly #places: VisiblePlaces;
  readonly #view: (kind: ListedKind) => View;
  readonly #indexes = new WeakMap<View, KindIndex>();

  constructor(places: VisiblePlaces, view: (kind: ListedKind) => View) {
    this.#places = places;
    this.#view = view;
  }

  async find(task: SearchTask): Promise<Found> {
    const indexes = await Promise.all(task.kinds.map((kind) => this.#indexOf(kind)));
    const hits: Hit[] = [];
    const byKind: Record<string, number> = {};
    const missing: string[] = [];
    for (const [at, kind] of task.kinds.entries()) {
      const index = indexes[at];
      if (!index) missing.push(kind.type.plural);
      else {
        const rows = this.#rowsOf(index, kind, task);
        if (rows.length > 0) byKind[kind.type.plural] = rows.length;
        for (const row of rows) hits.push({ kind, row, score: scoreOf(row, task.words) });
      }
    }
    const rank = new Map(task.kinds.map((kind, at) => [kind, at]));
    const order = (left: Hit, right: Hit): number =>
      right.score - left.score ||
      (rank.get(left.kind) ?? 0) - (rank.get(right.kind) ?? 0) ||
      (left.row.name < right.row.name ? -1 : left.row.name > right.row.name ? 1 : 0) ||
      (left.row.namespace < right.row.namespace ? -1 : 1);
    const first = firstInOrder(hits, task.offset + task.limit, order);
    return { hits: first.slice(task.offset), totalItems: hits.length, byKind, missing };
  }

  /** One kind that cannot be read does not keep what is found of others from the caller. */
  async #indexOf(kind: ListedKind): Promise<KindIndex | undefined> {
    const view = this.#view(kind);
    try {
      await untilSynced(view);
    } catch (error) {
      if (isApiError(error, 'ServiceUnavailable')) return undefined;
      throw error;
    }
    const index = this.#indexes.get(view) ?? new KindIndex(view);
    this.#indexes.set(view, index);
    return index;
  }

  #rowsOf(index: KindIndex, kind: ListedKind, task: SearchTask): Row[] {
    const { words } = task;
    const where = this.#whereFor(kind, task);
    if (where === 'everywhere') return index.everywhere(words);
    return kind.type.namespaced ? index.in(where, words) : index.named(where, words);
  }

  /** Names of namespaces; of a kind outside them, all or nothing, but for namespaces themselves. */
  #whereFor(kind: ListedKind, { user, workspace, namespace }: SearchTask): 'everywhere' | Iterable<string> {
    const { plural, group, namespaced } = kind.type;
    const right: ListRight = { plural, group, guarded: kind.guarded === true };
    const isOfPlaces = namespaced || (plural === 'namespaces' && group === '');
    if (namespace !== undefined) return isOfPlaces && this.#places.mayList(user, right, namespace) ? [namespace] : [];
    if (isOfPlaces) return namesIn(this.#places.of(user, right, workspace));
    return workspace === undefined && this.#places.mayList(user, right) ? 'everywhere' : [];
  }
}

const namesIn = (visible: Visible): 'everywhere' | NamespaceSet['names'] =>
  visible === 'everywhere' ? visible : visible.names;
