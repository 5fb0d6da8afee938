import { isDeepStrictEqual } from 'node:util';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { denied } from '../denied.ts';
import { readList, writeList } from '../quota/resource-list.ts';
import type { Toleration } from './default-tolerations.ts';
import { isPodCreation } from './pod-request.ts';

type Quantities = Record<string, string>;

interface RuntimeClass {
  readonly overhead?: { readonly podFixed?: Quantities };
  readonly scheduling?: { readonly nodeSelector?: Record<string, string>; readonly tolerations?: Toleration[] };
}

interface PodSpec {
  runtimeClassName?: string;
  overhead?: Quantities;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[] | null;
}

const runtimeClasses = resourceKey('node.k8s.io', 'runtimeclasses');

const isSame = (a: Quantities, b: Quantities): boolean =>
  isDeepStrictEqual(writeList(readList(a)), writeList(readList(b)));

function setOverhead(request: AdmissionRequest, spec: PodSpec, { overhead }: RuntimeClass): void {
  const fixed = overhead?.podFixed;
  if (!fixed) return;
  if (spec.overhead && !isSame(spec.overhead, fixed))
    throw denied(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  spec.overhead = { ...fixed };
}

function setScheduling(request: AdmissionRequest, spec: PodSpec, { scheduling }: RuntimeClass): void {
  if (!scheduling) return;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value) {
      const why = `runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
      throw denied(request, `conflict: ${why}`);
    }
    spec.nodeSelector = { ...spec.nodeSelector, [key]: value };
  }
  const known = spec.tolerations ?? [];
  const added = (scheduling.tolerations ?? []).filter((one) => !known.some((other) => isDeepStrictEqual(one, other)));
  if (added.length > 0) spec.tolerations = [...known, ...added];
}

/** A pod of a runtime class carries what its runtime costs, and goes where the runtime is. */
export function runtimeClass(storage: Storage): AdmissionStep {
  const mutate = (request: AdmissionRequest): void => {
    if (!isPodCreation(request)) return;
    const spec = request.object.spec as PodSpec; // the schema has checked it
    const name = spec.runtimeClassName;
    const stored = name ? storage.newest({ resource: runtimeClasses, namespace: '', name }) : undefined;
    if (name && !stored) throw denied(request, `pod rejected: RuntimeClass "${name}" not found`);
    const found = (stored?.object() ?? {}) as RuntimeClass; // the schema has checked it
    setOverhead(request, spec, found);
    setScheduling(request, spec, found);
    if (spec.overhead && Object.keys(spec.overhead).length > 0 && !found.overhead)
      throw denied(request, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  };
  return { mutate };
}
