import type { KubeObject } from '@kit/kube';
import { isSame } from './three-way-merge.ts';

const writtenByServer = new Set([
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'managedFields',
  'selfLink',
]);
const writtenByControllers = new Set(['deployment.kubernetes.io/revision']);

function without<T extends object>(fields: T | undefined, keys: ReadonlySet<string>): Partial<T> {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([key]) => !keys.has(key))) as Partial<T>; // some of its own entries
}

/** What people decide about an object: no status, no bookkeeping of the server or of controllers. */
export function contentOf({ status: _, metadata, ...rest }: KubeObject): KubeObject {
  const { annotations: __, ...own } = without(metadata, writtenByServer);
  const annotations = without(metadata.annotations, writtenByControllers);
  const kept = Object.keys(annotations).length > 0 ? { annotations } : {};
  return { ...rest, metadata: { ...own, ...kept, name: metadata.name } } as KubeObject; // its kind and apiVersion are in rest
}

/** True when nobody has decided anything new about the object between the two versions. */
export function hasSameContent(a: KubeObject, b: KubeObject): boolean {
  return isSame(contentOf(a), contentOf(b));
}

/** The object as asked for, with what controllers keep on it and people are not shown. */
export function withKeptAnnotations<T extends KubeObject>(asked: T, base: KubeObject): T {
  const kept = Object.entries(base.metadata.annotations ?? {}).filter(([key]) => writtenByControllers.has(key));
  if (kept.length === 0) return asked;
  return {
    ...asked,
    metadata: { ...asked.metadata, annotations: { ...asked.metadata.annotations, ...Object.fromEntries(kept) } },
  };
}
