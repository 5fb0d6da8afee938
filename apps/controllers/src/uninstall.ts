import { fieldManager, labels, systemNamespace } from '@feature/iam/contract';
import { managedBy, tenantGroup, webhookConfigurationType } from '@feature/tenancy/contract';
import { ApiError, delay, isApiError, systemClock, type Clock, type Logger } from '@kit/base';
import { kinds, type KubeClient, type KubeObject, type ResourceType } from '@kit/kube';
import { installations } from './features.ts';
import { inParallel } from './in-parallel.ts';
import { leaderLease, refuseWhileLed } from './leader-lease.ts';
import { definedTypes, typeFinder } from './object-type.ts';

interface UninstallDeps {
  readonly kube: KubeClient;
  readonly log: Logger;
  readonly clock?: Clock;
}

const width = 8;
const attempts = 300;
const pauseMs = 100;
/** Objects that Kubernetes itself makes at its start, and that the platform has only put notes on. */
const bootstrapLabel = 'kubernetes.io/bootstrapping';

/** Whether there was something to delete. */
async function ignoreMissing(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return false;
    throw error;
  }
}

/** A namespace owned by a workspace would be collected with it: it is set free before anything is deleted. */
async function freeNamespace(kube: KubeClient, namespace: KubeObject): Promise<void> {
  const { name, resourceVersion, ownerReferences = [] } = namespace.metadata;
  const owners = ownerReferences.filter(({ apiVersion }) => !apiVersion.startsWith(`${tenantGroup}/`));
  if (owners.length === ownerReferences.length) return;
  const patch = { metadata: { ownerReferences: owners, resourceVersion } };
  await kube.patch(kinds.namespaces, { name }, patch, { type: 'merge', fieldManager });
}

/** Roles and bindings that the platform put into projects. */
async function removeProjectRoles(kube: KubeClient): Promise<number> {
  let removed = 0;
  const ours = `${managedBy.label}=${managedBy.value}`;
  const places = [
    [kinds.rolebindings, labels.userRef],
    [kinds.rolebindings, labels.groupRef],
    [kinds.rolebindings, ours],
    [kinds.roles, ours],
  ] as const;
  for (const [type, labelSelector] of places) {
    const { items } = await kube.list(type, { labelSelector });
    await inParallel(items, width, async ({ metadata }) => void (await ignoreMissing(kube.delete(type, metadata))));
    removed += items.length;
  }
  return removed;
}

/** Webhooks that a server registered and could not take back, because it was killed. */
async function removeWebhooks(kube: KubeClient): Promise<number> {
  const { items } = await kube.list(webhookConfigurationType, { labelSelector: `${labels.managedBy}=${fieldManager}` });
  for (const { metadata } of items) await ignoreMissing(kube.delete(webhookConfigurationType, metadata));
  return items.length;
}

/** Takes finalizers off, since no controller will, and deletes. */
async function removeAll(kube: KubeClient, type: ResourceType): Promise<number> {
  const list = await kube.list(type).catch((error: unknown) => {
    if (isApiError(error, 'NotFound')) return { items: [] };
    throw error;
  });
  await inParallel(list.items, width, async ({ metadata }) => {
    if (metadata.finalizers?.length) {
      const patch = { metadata: { finalizers: null } };
      await ignoreMissing(kube.patch(type, { name: metadata.name }, patch, { type: 'merge' }));
    }
    await ignoreMissing(kube.delete(type, metadata));
  });
  return list.items.length;
}

/** A built-in object of the cluster's own kinds: deleted if it is ours, freed of our notes if it is Kubernetes' own. */
async function removeSeed(kube: KubeClient, type: ResourceType, name: string): Promise<number> {
  const found = await kube.find(type, { name });
  if (!found) return 0;
  if (found.metadata.labels?.[bootstrapLabel] === undefined) {
    await ignoreMissing(kube.delete(type, { name }));
    return 1;
  }
  const bare = { apiVersion: found.apiVersion, kind: found.kind, metadata: { name } };
  await kube.apply(type, bare, { fieldManager, force: true });
  return 0;
}

/** What the platform keeps for itself in its own namespace: objects that nobody else has written to. */
async function removeOwnRecords(kube: KubeClient): Promise<number> {
  const { items } = await kube.list(kinds.secrets, { namespace: systemNamespace });
  const own = items.filter(({ metadata }) => {
    const managers = (metadata.managedFields ?? []) as readonly { manager?: string }[]; // the API's schema; the kit leaves them unread
    return managers.length > 0 && managers.every(({ manager }) => manager === fieldManager);
  });
  await inParallel(
    own,
    width,
    async ({ metadata }) => void (await ignoreMissing(kube.delete(kinds.secrets, metadata))),
  );
  await ignoreMissing(kube.delete(kinds.leases, leaderLease));
  return own.length;
}

/** The API server clears a kind away some time after its definition was deleted. */
async function untilGone(kube: KubeClient, clock: Clock, name: string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (!(await kube.find(kinds.customresourcedefinitions, { name }))) return;
    await delay(clock, pauseMs);
  }
  throw new ApiError('Timeout', `the cluster still serves ${name}, long after its definition was deleted`);
}

/**
 * Takes everything the platform has installed off the cluster. Namespaces and workloads stay and keep running. Refused
 * as `Conflict` while controllers run anywhere: they would put back what is taken away, and the owners of namespaces
 * with it.
 */
export async function uninstallKinds({ kube, log, clock = systemClock }: UninstallDeps): Promise<{ removed: number }> {
  await refuseWhileLed(kube, clock);
  const definitions = installations.flatMap((installation) => installation.kinds);
  const types = definedTypes(definitions);
  const typeOf = typeFinder(definitions);
  const { items: namespaces } = await kube.list(kinds.namespaces);
  await inParallel(namespaces, width, (namespace) => freeNamespace(kube, namespace));
  let removed = await removeWebhooks(kube);
  removed += (await removeProjectRoles(kube)) + (await removeOwnRecords(kube));
  for (const type of types) removed += await removeAll(kube, type);
  const seeds = installations.flatMap((installation) => installation.seeds);
  for (const seed of seeds) {
    const type = typeOf(seed);
    if (!types.includes(type)) removed += await removeSeed(kube, type, seed.metadata.name);
  }
  await inParallel(definitions, width, async ({ metadata }) => {
    const wasThere = await ignoreMissing(kube.delete(kinds.customresourcedefinitions, { name: metadata.name }));
    if (wasThere) removed += 1;
    await untilGone(kube, clock, metadata.name);
  });
  log.info('kinds removed', { removed });
  return { removed };
}
