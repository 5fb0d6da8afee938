import type { Row, View } from '@kit/kube';
import { searchFacet } from './search-text.ts';
import { signatureOf, Signatures } from './signatures.ts';

/** The search texts of one kind, kept current by the changes of its view. */
export class KindIndex {
  readonly #view: View;
  readonly #rows: Row[] = [];
  readonly #places = new Map<string, number>();
  readonly #signatures = new Signatures();

  /** The view has been read. */
  constructor(view: View) {
    this.#view = view;
    for (const row of view.rows()) this.#put(row, undefined);
    view.subscribe(({ type, row, previous }) => {
      if (type === 'deleted') this.#remove(previous);
      else this.#put(row, previous);
    });
  }

  /** The rows that hold every word, of the whole cluster. */
  everywhere(wanted: readonly string[]): Row[] {
    const places = this.#signatures.candidates(signatureOfAll(wanted), this.#rows.length);
    return places.flatMap((place) => this.#rows[place] ?? []).filter((row) => holds(row, wanted));
  }

  /** The same of some namespaces: no row of another is looked at. */
  in(namespaces: Iterable<string>, wanted: readonly string[]): Row[] {
    const found: Row[] = [];
    for (const namespace of namespaces) {
      for (const row of this.#view.rows(namespace)) if (holds(row, wanted)) found.push(row);
    }
    return found;
  }

  /** The same of cluster-scoped objects of those names. */
  named(names: Iterable<string>, wanted: readonly string[]): Row[] {
    return [...names].flatMap((name) => this.#view.get('', name) ?? []).filter((row) => holds(row, wanted));
  }

  #put(row: Row, previous: Row | undefined): void {
    const key = keyOf(row);
    const place = this.#places.get(key) ?? this.#rows.length;
    const isKnown = place < this.#rows.length;
    this.#rows[place] = row;
    this.#places.set(key, place);
    const text = row.value(searchFacet);
    if (!isKnown || previous?.value(searchFacet) !== text) this.#signatures.set(place, text);
  }

  #remove(row: Row): void {
    const place = this.#places.get(keyOf(row));
    const last = this.#rows.pop();
    if (place === undefined || !last) return;
    this.#places.delete(keyOf(row));
    if (place === this.#rows.length) return;
    this.#rows[place] = last;
    this.#places.set(keyOf(last), place);
    this.#signatures.move(this.#rows.length, place);
  }
}

const keyOf = ({ namespace, name }: Row): string => `${namespace}/${name}`;

function signatureOfAll(wanted: readonly string[]): Int32Array {
  const all = signatureOf('');
  for (const word of wanted) signatureOf(word).forEach((bits, at) => (all[at] = (all[at] ?? 0) | bits));
  return all;
}

function holds(row: Row, wanted: readonly string[]): boolean {
  const text = row.value(searchFacet);
  return wanted.every((word) => text.includes(word));
}
