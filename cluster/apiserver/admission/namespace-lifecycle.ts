import { forbidden, notFound } from '../store/api-errors.ts';
import type { KindName } from '../store/api-errors.ts';
import { keyOf } from '../store/stored-object.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Storage } from '../storage/storage.ts';
import type { Version } from '../storage/version.ts';
import type { AdmissionRequest, AdmissionStep, Target } from '../store/write-request.ts';

const namespaces: KindName = { group: '', resource: 'namespaces', kind: 'Namespace' };
const immortal = new Set(['default', 'kube-system', 'kube-public']);

function keepImmortal({ kind, name }: Target): void {
  if (kind.group !== '' || kind.kind !== 'Namespace' || !immortal.has(name)) return;
  throw forbidden(namespaces, name, 'this namespace may not be deleted');
}

const endings = new WeakMap<Version, boolean>();

/** Asked with every creation, so that each state of a namespace is read once only. */
function isEnding(namespace: Version): boolean {
  let ends = endings.get(namespace);
  if (ends === undefined) endings.set(namespace, (ends = 'deletionTimestamp' in namespace.object().metadata));
  return ends;
}

/** Nothing is created in a namespace that is missing or on its way out; three namespaces may not be deleted. */
export function namespaceLifecycle(storage: Storage, namespaceKind: KindInfo): AdmissionStep {
  const mutate = ({ operation, target, object }: AdmissionRequest): void => {
    const { kind, namespace } = target;
    if (operation === 'DELETE') return keepImmortal(target);
    if (operation !== 'CREATE' || !kind.namespaced || !namespace) return;
    const stored = storage.newest(keyOf(namespaceKind, '', namespace));
    if (!stored) throw notFound(namespaces, namespace);
    // The review kinds hold nothing, so they may be asked about a namespace to its last moment.
    if (!isEnding(stored) || kind.group === 'authorization.k8s.io') return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const cause = {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    };
    throw forbidden(kind, object.metadata.name, { why, causes: [cause] });
  };
  return { mutate };
}
