import { RowShape } from './facet.ts';
import type { Facet, FacetValue } from './facet.ts';
import { apiVersionOf } from './path.ts';
import type { KubeObject, ResourceType } from './types.ts';
import type { Row } from './view-api.ts';

const noLabels: Readonly<Record<string, string>> = Object.freeze({});

class JsonRow<T extends KubeObject> implements Row<T> {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly json: Uint8Array;
  readonly #shape: RowShape;
  readonly #values: (FacetValue | undefined)[];

  constructor(object: KubeObject, shape: RowShape) {
    const { metadata } = object;
    this.namespace = metadata.namespace ?? '';
    this.name = metadata.name;
    this.uid = metadata.uid ?? '';
    this.resourceVersion = metadata.resourceVersion ?? '';
    this.createdMs = Date.parse(metadata.creationTimestamp ?? '') || 0;
    this.labels = metadata.labels ?? noLabels;
    this.json = ownBytes(JSON.stringify(object));
    this.#shape = shape;
    this.#values = shape.valuesOf(object);
  }

  object(): T {
    return JSON.parse(Buffer.from(this.json.buffer, this.json.byteOffset, this.json.byteLength).toString()) as T; // what the view's kind says
  }

  value<V extends FacetValue>(facet: Facet<V>): V {
    const slot = this.#shape.slotOf(facet);
    const known = this.#values[slot];
    if (known !== undefined) return known as V; // what this facet derived
    const derived = facet.of(this.object());
    this.#values[slot] = derived;
    return derived;
  }
}

/** Bytes in memory of their own: a slice of Node's shared pool would keep its neighbours alive, long after they changed. */
function ownBytes(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** The row of an object as the server sent it; the object is used up. */
export function rowOf<T extends KubeObject>(type: ResourceType, object: KubeObject, shape = new RowShape()): Row<T> {
  delete object.metadata.managedFields;
  // Items of built-in lists come without them; in front, as in every other answer.
  const named: KubeObject = Object.assign({ apiVersion: apiVersionOf(type), kind: type.kind }, object);
  return new JsonRow<T>(named, shape);
}
