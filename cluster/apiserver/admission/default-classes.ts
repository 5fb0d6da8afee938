import type { ClusterObject } from '../../client.ts';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { AdmissionStep } from '../store/write-request.ts';
import { isCore, isWhole } from './denied.ts';

/** Of several classes that are marked as the default, the newest counts, then the first by name. */
function defaultOf(storage: Storage, resource: string, annotations: readonly string[]): string | undefined {
  const marked = storage
    .list(resource)
    .map((version) => version.object() as unknown as ClusterObject) // metadata of any object is the same
    .filter(({ metadata }) => annotations.some((name) => metadata.annotations?.[name] === 'true'));
  const born = ({ metadata }: ClusterObject): number => Date.parse(metadata.creationTimestamp ?? '') || 0;
  const [first] = marked.sort((a, b) => born(b) - born(a) || (a.metadata.name < b.metadata.name ? -1 : 1));
  return first?.metadata.name;
}

const storageClasses = resourceKey('storage.k8s.io', 'storageclasses');
const storageMarks = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const oldStorageClass = 'volume.beta.kubernetes.io/storage-class';

/** A claim that names no storage class, not even the empty one, gets the default one. */
export function defaultStorageClass(storage: Storage): AdmissionStep {
  return {
    mutate(request) {
      if (request.operation !== 'CREATE' || !isCore(request, 'persistentvolumeclaims') || !isWhole(request)) return;
      const { metadata } = request.object;
      const spec = request.object.spec as { storageClassName?: string }; // the schema has checked it
      if (spec.storageClassName !== undefined || metadata.annotations?.[oldStorageClass] !== undefined) return;
      const name = defaultOf(storage, storageClasses, storageMarks);
      if (name) spec.storageClassName = name;
    },
  };
}

const ingressClasses = resourceKey('networking.k8s.io', 'ingressclasses');
const ingressMarks = ['ingressclass.kubernetes.io/is-default-class'];
const oldIngressClass = 'kubernetes.io/ingress.class';

/** An ingress that names no class gets the default one. */
export function defaultIngressClass(storage: Storage): AdmissionStep {
  return {
    mutate(request) {
      const { operation, target, object } = request;
      if (operation !== 'CREATE' || target.kind.group !== 'networking.k8s.io' || target.kind.kind !== 'Ingress') return;
      const spec = object.spec as { ingressClassName?: string } | undefined; // the schema has checked it
      if (!spec || spec.ingressClassName !== undefined) return;
      if (object.metadata.annotations?.[oldIngressClass] !== undefined) return;
      const name = defaultOf(storage, ingressClasses, ingressMarks);
      if (name) spec.ingressClassName = name;
    },
  };
}
