import { forbidden } from '../store/api-errors.ts';
import { resourceKey } from '../storage/version.ts';
import type { Storage } from '../storage/storage.ts';
import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';

interface PodSpec {
  serviceAccountName?: string;
  serviceAccount?: string;
  tolerations?: { key?: string; operator?: string; effect?: string; tolerationSeconds?: number }[];
}

const serviceAccounts = resourceKey('', 'serviceaccounts');

/** A new pod runs as a service account that exists: the namespace's `default` unless it names one. */
export function podServiceAccount(storage: Storage): AdmissionStep {
  const mutate = ({ operation, target, object }: AdmissionRequest): void => {
    if (operation !== 'CREATE' || target.kind.group !== '' || target.kind.kind !== 'Pod' || target.subresource) return;
    const spec = object.spec as PodSpec; // the schema has checked it
    // Static pods are the node's own copies of what it runs anyway.
    if (object.metadata.annotations?.['kubernetes.io/config.mirror']) return;
    const name = spec.serviceAccountName || 'default';
    spec.serviceAccountName = spec.serviceAccount = name;
    if (storage.newest({ resource: serviceAccounts, namespace: target.namespace, name })) return;
    const why = `error looking up service account ${target.namespace}/${name}: serviceaccount "${name}" not found`;
    throw forbidden(target.kind, object.metadata.name, why);
  };
  return { mutate };
}

const notReady = 'node.kubernetes.io/not-ready';
const unreachable = 'node.kubernetes.io/unreachable';
const defaultSeconds = 300;

function tolerateForAWhile({ operation, target, object }: AdmissionRequest): void {
  if (
    (operation !== 'CREATE' && operation !== 'UPDATE') ||
    target.kind.group !== '' ||
    target.kind.kind !== 'Pod' ||
    target.subresource
  )
    return;
  const spec = object.spec as PodSpec; // the schema has checked it
  for (const key of [notReady, unreachable]) {
    const tolerated = spec.tolerations?.some(
      (t) => (!t.key || t.key === key) && (!t.effect || t.effect === 'NoExecute'),
    );
    if (tolerated) continue;
    (spec.tolerations ??= []).push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: defaultSeconds });
  }
}

/** A pod that says nothing else stays five minutes on a node that has stopped working. */
export const defaultTolerations: AdmissionStep = { mutate: tolerateForAWhile };
