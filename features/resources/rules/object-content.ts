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

/** What people decide about an object: no status, no bookkeeping of the server or of controllers. */
export function contentOf(object: KubeObject): KubeObject {
  const { status: _, metadata, ...rest } = object;
  const own = Object.entries(metadata).filter(([key]) => !writtenByServer.has(key));
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !writtenByControllers.has(key));
  const cleaned = own.flatMap(([key, value]) => {
    if (key !== 'annotations') return [[key, value]];
    return annotations.length > 0 ? [[key, Object.fromEntries(annotations)]] : [];
  });
  return { ...rest, metadata: { name: metadata.name, ...Object.fromEntries(cleaned) } } as KubeObject; // kind and apiVersion are in rest
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
