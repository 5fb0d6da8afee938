import type { KubeObject, Row, View, ViewEvent } from '@kit/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KindIndex } from './kind-index.ts';
import { searchFacet } from './search-text.ts';
import { signatureOf, Signatures } from './signatures.ts';

/** A view of as much as an index reads: rows by namespace, and who is told of changes. */
class Rows {
  readonly #rows = new Map<string, Row>();
  #listener: (event: ViewEvent) => void = () => undefined;

  get view(): View {
    const part: Partial<View> = {
      rows: (namespace) =>
        [...this.#rows.values()].filter((row) => namespace === undefined || row.namespace === namespace),
      get: (namespace, name) => this.#rows.get(`${namespace}/${name}`),
      subscribe: (listener) => {
        this.#listener = listener;
        return () => undefined;
      },
    };
    return part as View; // an index asks for no more than these
  }

  put(row: Row): void {
    const key = `${row.namespace}/${row.name}`;
    const previous = this.#rows.get(key);
    this.#rows.set(key, row);
    this.#listener(previous ? { type: 'modified', row, previous } : { type: 'added', row });
  }

  remove(key: string): void {
    const previous = this.#rows.get(key);
    if (!previous) return;
    this.#rows.delete(key);
    this.#listener({ type: 'deleted', row: previous, previous });
  }
}

function rowOf(name: string, namespace: string, label: string): Row {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { bird: label } },
  };
  const part: Partial<Row> = { name, namespace, value: (facet) => facet.of(object) };
  return part as Row; // an index asks for no more than these
}

const word = fc.constantFrom('heron', 'hero', 'egret', 'grebe', 'e', 'her', 'bird=h', 'web-heron');
const name = fc.constantFrom('heron', 'egret', 'grebe', 'web-heron', 'her');
const space = fc.constantFrom('shop', 'dev');
const change = fc.record({ name, space, label: word, gone: fc.boolean() });

describe('KindIndex', () => {
  it('finds what going through all texts would, after any changes', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 30 }),
        fc.array(word, { minLength: 1, maxLength: 3 }),
        (changes, words) => {
          const rows = new Rows();
          const index = new KindIndex(rows.view);
          for (const one of changes) {
            if (one.gone) rows.remove(`${one.space}/${one.name}`);
            else rows.put(rowOf(one.name, one.space, one.label));
          }
          const fits = (row: Row): boolean => words.every((text) => row.value(searchFacet).includes(text));
          const ids = (list: Iterable<Row>): string[] => [...list].map((row) => `${row.namespace}/${row.name}`).sort();
          expect(ids(index.everywhere(words))).toEqual(ids([...rows.view.rows()].filter(fits)));
          expect(ids(index.in(['dev'], words))).toEqual(ids([...rows.view.rows('dev')].filter(fits)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('Signatures', () => {
  it('never miss a text that holds the word, and leave most others out', () => {
    const signatures = new Signatures();
    const texts = Array.from(
      { length: 2000 },
      (_, at) => `pod-${at} app=shop-${at % 7} tier=web-${(at * 7919) % 1009}`,
    );
    texts.forEach((text, at) => signatures.set(at, text));
    const candidates = signatures.candidates(signatureOf('pod-1234'), texts.length);
    expect(candidates).toContain(1234);
    expect(candidates.length).toBeLessThan(200);
  });
});
