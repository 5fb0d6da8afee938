import { labels } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import { apiVersionOf, kinds, type KubeClient, type KubeObject } from '@kit/kube';
import { Type, type Static } from 'typebox';
import { quotaType, tenancyTypes, type WorkspaceQuota } from '../../contract/index.ts';
import { addUp, parseAmount, type Amount } from '../../rules/amount.ts';
import { overcommitted } from '../../rules/overcommit.ts';
import { hardOf, quotaProblems } from '../../rules/quota-check.ts';
import { isScoped } from '../../rules/quota-scopes.ts';
import { getSettings } from '../settings-store.ts';

const expression = Type.Object({
  scopeName: Type.String(),
  operator: Type.String(),
  values: Type.Optional(Type.Array(Type.String())),
});

export const quotaBody = Type.Object({
  metadata: Type.Object({
    name: Type.String({ minLength: 1 }),
    annotations: Type.Optional(Type.Record(Type.String(), Type.String())),
    resourceVersion: Type.Optional(Type.String()),
  }),
  spec: Type.Object({
    quota: Type.Object({
      hard: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
      scopes: Type.Optional(Type.Array(Type.String())),
      scopeSelector: Type.Optional(Type.Object({ matchExpressions: Type.Optional(Type.Array(expression)) })),
    }),
  }),
});

type Body = Static<typeof quotaBody>;

const detailsOf = (name: string) => ({ group: quotaType.group, kind: quotaType.plural, name });

async function requireWorkspace(kube: KubeClient, workspace: string): Promise<void> {
  if (await kube.find(tenancyTypes.workspaceTemplates, { name: workspace })) return;
  throw new ApiError('NotFound', `there is no workspace "${workspace}"`, {
    details: { kind: 'workspaces', name: workspace },
  });
}

function refuse(name: string, problems: readonly { readonly field: string; readonly message: string }[]): void {
  const [first] = problems;
  if (!first) return;
  throw new ApiError('Invalid', `quota "${name}" cannot be held to: ${first.message}`, {
    details: { ...detailsOf(name), causes: problems.map((one) => ({ ...one, reason: 'FieldValueInvalid' })) },
  });
}

function quotaOf(workspace: string, { metadata, spec }: Body): WorkspaceQuota {
  return {
    apiVersion: apiVersionOf(quotaType),
    kind: quotaType.kind,
    metadata: { ...metadata, labels: { [labels.workspace]: workspace } },
    // Whatever the caller writes: a quota made in a workspace is about that workspace.
    spec: { quota: spec.quota, selector: { [labels.workspace]: workspace } },
  };
}

/** What the nodes of the cluster have for pods. */
async function capacityOf(kube: KubeClient): Promise<Map<string, Amount>> {
  const { items } = await kube.list<KubeObject & { status?: { allocatable?: Record<string, string> } }>(kinds.nodes);
  return addUp(
    items.map(
      ({ status }) =>
        new Map(Object.entries(status?.allocatable ?? {}).map(([name, text]) => [name, parseAmount(text) ?? 0n])),
    ),
  );
}

async function refuseOvercommit(kube: KubeClient, quota: WorkspaceQuota): Promise<void> {
  const settings = await getSettings(kube);
  if (!settings.overcommit || isScoped(quota.spec.quota)) return;
  const { items } = await kube.list<WorkspaceQuota>(quotaType);
  const others = items.filter(({ metadata, spec }) => metadata.name !== quota.metadata.name && !isScoped(spec.quota));
  const over = overcommitted(settings, addUp([quota, ...others].map(hardOf)), await capacityOf(kube));
  refuse(
    quota.metadata.name,
    over.map(({ resource, promised, bound }) => ({
      field: `spec.quota.hard[${resource}]`,
      message: `with it, ${promised} of ${resource} would be promised to workspaces; this cluster allows ${bound}`,
    })),
  );
}

/** A quota of a workspace; one of another workspace is not found. */
export async function getQuota(kube: KubeClient, workspace: string, name: string): Promise<WorkspaceQuota> {
  const found = await kube.find<WorkspaceQuota>(quotaType, { name });
  if (found && workspaceOf(found) === workspace) return found;
  throw new ApiError('NotFound', `workspace "${workspace}" has no quota "${name}"`, { details: detailsOf(name) });
}

/** The workspace a quota is about, by its label or, as KubeSphere's own may have it, by its selector only. */
export function workspaceOf({ metadata, spec }: WorkspaceQuota): string | undefined {
  return metadata.labels?.[labels.workspace] ?? spec.selector[labels.workspace];
}

export async function createQuota(kube: KubeClient, workspace: string, body: Body): Promise<WorkspaceQuota> {
  await requireWorkspace(kube, workspace);
  const quota = quotaOf(workspace, body);
  refuse(quota.metadata.name, quotaProblems(quota.spec.quota));
  await refuseOvercommit(kube, quota);
  const { resourceVersion: _given, ...metadata } = quota.metadata;
  return kube.create<WorkspaceQuota>(quotaType, { ...quota, metadata });
}

/** Replaces the limits of a quota; a `resourceVersion` makes it fail on a change in between. */
export async function replaceQuota(
  kube: KubeClient,
  { workspace, name }: { readonly workspace: string; readonly name: string },
  body: Body,
): Promise<WorkspaceQuota> {
  if (body.metadata.name !== name)
    throw new ApiError('BadRequest', `the body is about quota "${body.metadata.name}", the path about "${name}"`);
  const current = await getQuota(kube, workspace, name);
  const wanted = quotaOf(workspace, body);
  refuse(name, quotaProblems(wanted.spec.quota));
  await refuseOvercommit(kube, wanted);
  const { annotations, resourceVersion = current.metadata.resourceVersion } = body.metadata;
  const metadata = {
    ...current.metadata,
    ...(annotations ? { annotations } : {}),
    labels: { ...current.metadata.labels, ...wanted.metadata.labels },
    ...(resourceVersion ? { resourceVersion } : {}),
  };
  return kube.update<WorkspaceQuota>(quotaType, { ...current, metadata, spec: wanted.spec });
}
