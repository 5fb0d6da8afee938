import { LineCounter, parseDocument, stringify, type Document } from 'yaml';
import type { KubeObject } from '@kit/kube';
import { isSame } from '../../rules/three-way-merge.ts';

/** An object as YAML, without the server's record of who owns which field. */
export function yamlOf(object: KubeObject): string {
  const { managedFields: _, ...metadata } = object.metadata;
  const { apiVersion, kind, metadata: __, ...rest } = object;
  return stringify({ apiVersion, kind, metadata, ...rest }, { lineWidth: 0, version: '1.1' });
}

export interface YamlFault {
  readonly line: number;
  readonly message: string;
}

/** What a text says: an object, where it is broken, or that it is no object. */
export type ReadYaml =
  { readonly object: KubeObject } | { readonly faults: readonly YamlFault[] } | { readonly notObject: true };

function hasIdentity(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>; // looked at field by field below
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}

/** Reads one object, as kubectl would: YAML 1.1, one document. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.1', lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return { faults: document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message })) };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return hasIdentity(value) ? { object: value } : { notObject: true };
  } catch (error) {
    return { faults: [{ line: 1, message: error instanceof Error ? error.message : String(error) }] };
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Edit {
  readonly path: readonly string[];
  readonly old: unknown;
  readonly wanted: unknown;
}

function reconcile(document: Document, { path, old, wanted }: Edit): void {
  if (isSame(old, wanted)) return;
  if (!isFields(old) || !isFields(wanted)) return document.setIn(path, document.createNode(wanted));
  for (const key of Object.keys(old)) if (!(key in wanted)) document.deleteIn([...path, key]);
  for (const [key, value] of Object.entries(wanted)) {
    reconcile(document, { path: [...path, key], old: old[key], wanted: value });
  }
}

/** The text changed to say this object; what does not differ keeps its bytes, comments and order. */
export function rewriteYaml(text: string, wanted: KubeObject): string {
  const document = parseDocument(text, { version: '1.1' });
  reconcile(document, { path: [], old: document.toJS({ maxAliasCount: 100 }), wanted });
  return document.toString({ lineWidth: 0 });
}
