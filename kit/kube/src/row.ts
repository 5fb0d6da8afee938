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

  constructor(object: KubeObject) {
    const { metadata } = object;
    this.namespace = metadata.namespace ?? '';
    this.name = metadata.name;
    this.uid = metadata.uid ?? '';
    this.resourceVersion = metadata.resourceVersion ?? '';
    this.createdMs = Date.parse(metadata.creationTimestamp ?? '') || 0;
    this.labels = metadata.labels ?? noLabels;
    this.json = Buffer.from(JSON.stringify(object));
  }

  object(): T {
    return JSON.parse(Buffer.from(this.json.buffer, this.json.byteOffset, this.json.byteLength).toString()) as T; // what the view's kind says
  }
}

/** The row of an object as the server sent it; the object is used up. */
export function rowOf<T extends KubeObject>(type: ResourceType, object: KubeObject): Row<T> {
  delete object.metadata.managedFields;
  // Items of built-in lists come without them; in front, as in every other answer.
  const named: KubeObject = Object.assign({ apiVersion: apiVersionOf(type), kind: type.kind }, object);
  return new JsonRow<T>(named);
}
