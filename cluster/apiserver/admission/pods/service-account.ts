import type { ClusterObject } from '../../../client.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { denied } from '../denied.ts';
import { forbiddenSecret } from './mountable-secrets.ts';
import type { SecretsSpec } from './mountable-secrets.ts';
import { isMirror, isPodCreation } from './pod-request.ts';
import { mountToken } from './token-volume.ts';
import type { MountingSpec } from './token-volume.ts';

interface PodSpec {
  serviceAccountName?: string;
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  volumes?: Volume[] | null;
  initContainers?: Container[] | null;
  containers?: Container[];
  imagePullSecrets?: { name?: string }[] | null;
}

type Container = NonNullable<SecretsSpec['containers']>[number] & NonNullable<MountingSpec['containers']>[number];

interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
  readonly projected?: { readonly sources?: readonly ProjectedSource[] | null };
}

interface ProjectedSource {
  readonly serviceAccountToken?: object;
}

interface ServiceAccount extends ClusterObject {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: { name?: string }[] | null;
  readonly secrets?: readonly { readonly name?: string }[] | null;
}

const serviceAccounts = resourceKey('', 'serviceaccounts');
const limitsSecrets = 'kubernetes.io/enforce-mountable-secrets';

const mounts = (one: { readonly automountServiceAccountToken?: boolean }): boolean | undefined =>
  one.automountServiceAccountToken;

function checkSecrets(request: AdmissionRequest, spec: PodSpec, account: ServiceAccount): void {
  if (account.metadata.annotations?.[limitsSecrets] !== 'true') return;
  const names = (list: readonly { readonly name?: string }[] | null | undefined): string[] =>
    (list ?? []).map(({ name = '' }) => name);
  const why = forbiddenSecret(spec, {
    account: account.metadata.name,
    mountable: names(account.secrets),
    pullable: names(account.imagePullSecrets),
  });
  if (why) throw denied(request, why);
}

/** A pod that names none pulls its images with those of its account. */
function takePullSecrets(spec: PodSpec, { imagePullSecrets }: ServiceAccount): void {
  if (spec.imagePullSecrets?.length || !imagePullSecrets?.length) return;
  spec.imagePullSecrets = structuredClone(imagePullSecrets);
}

/** A copy that a node makes of what it runs anyway has nothing of the API. */
function checkMirror(request: AdmissionRequest, spec: PodSpec): void {
  if (spec.serviceAccountName) throw denied(request, 'a mirror pod may not reference service accounts');
  for (const { secret, projected } of spec.volumes ?? []) {
    if (secret) throw denied(request, 'a mirror pod may not reference secrets');
    if (projected?.sources?.some((source) => source.serviceAccountToken))
      throw denied(request, 'a mirror pod may not use ServiceAccountToken volume projections');
  }
}

/**
 * A new pod runs as a service account that exists: the namespace's `default` unless it names one. It gets a token of
 * the account as a volume, and the account's secrets for pulling images where it names none.
 */
export function serviceAccount(storage: Storage): AdmissionStep {
  const accountOf = (request: AdmissionRequest, name: string): ServiceAccount => {
    const { namespace } = request.target;
    const stored = storage.newest({ resource: serviceAccounts, namespace, name });
    if (stored) return stored.object() as unknown as ServiceAccount; // the schema has checked it
    throw denied(request, `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`);
  };
  const mutate = (request: AdmissionRequest): void => {
    if (!isPodCreation(request)) return;
    const spec = request.object.spec as PodSpec; // the schema has checked it
    if (isMirror(request)) return checkMirror(request, spec);
    const name = spec.serviceAccountName || 'default';
    spec.serviceAccountName = spec.serviceAccount = name;
    const account = accountOf(request, name);
    if (mounts(spec) ?? mounts(account) ?? true) mountToken(spec);
    takePullSecrets(spec, account);
    checkSecrets(request, spec, account);
  };
  return { mutate };
}
