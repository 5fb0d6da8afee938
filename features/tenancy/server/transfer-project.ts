import { iamTypes, labels, type BindingObject, type Subject } from '@feature/iam/contract';
import { ApiError, isApiError, timestamp } from '@kit/base';
import type { User } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import { tenancyTypes, transfersAnnotation, type Namespace, type TransferReport } from '../contract/index.ts';
import { hardOf, shortages, shortageSentence } from '../rules/quota-check.ts';
import { kindsOf } from '../rules/object-usage.ts';
import { selects, UsageReader } from '../rules/workspace-usage.ts';
import type { TenancyParts } from './ports.ts';

/** A project's move to another workspace, as somebody asks for it. */
export interface TransferRequest {
  readonly user: User;
  readonly workspace: string;
  readonly project: string;
  readonly target: string;
  readonly dryRun: boolean;
}

const keptMoves = 10;

/** Taking a project out is deleting it there, and putting it in is making it there: both rights are needed. */
function askBoth({ access }: TenancyParts, { user, workspace, target }: TransferRequest): void {
  const namespaces = { group: '', resource: 'namespaces' };
  access.enter(user, workspace, { verb: 'delete', ...namespaces, workspace });
  access.enter(user, target, { verb: 'create', ...namespaces, workspace: target });
}

async function projectToMove(parts: TenancyParts, request: TransferRequest): Promise<Namespace> {
  const { workspace, project, target } = request;
  if (workspace === target)
    throw new ApiError('Conflict', `project "${project}" is in workspace "${target}" already`, {
      details: { kind: 'namespaces', name: project },
    });
  const found = await parts.kube.find<Namespace>(kinds.namespaces, { name: project });
  if (found?.metadata.labels?.[labels.workspace] !== workspace) {
    throw new ApiError('NotFound', `workspace "${workspace}" has no project "${project}"`, {
      details: { kind: 'namespaces', name: project },
    });
  }
  const into = await parts.kube.find(tenancyTypes.workspaceTemplates, { name: target });
  if (!into || into.metadata.deletionTimestamp) {
    throw new ApiError(into ? 'Conflict' : 'NotFound', `there is no workspace "${target}" to move the project to`, {
      details: { kind: 'workspaces', name: target },
    });
  }
  return found;
}

/** Refuses a project that the target's quotas have no room for. */
async function checkQuotas({ ledger, views }: TenancyParts, project: Namespace, target: string): Promise<void> {
  const nextLabels = { ...project.metadata.labels, [labels.workspace]: target };
  const quotas = ledger.quotas().filter((quota) => selects(quota, nextLabels));
  const types = new Set(quotas.flatMap(({ spec }) => kindsOf(spec.quota.hard)));
  await Promise.all([...types].map((type) => views.of(type).ready()));
  const usage = new UsageReader((type, namespace) => views.of(type).rows(namespace));
  for (const quota of quotas) {
    const asked = usage.inNamespace(quota, project.metadata.name);
    const missing = shortages(hardOf(quota), ledger.used(quota), asked);
    if (missing.length > 0) {
      throw new ApiError('Forbidden', shortageSentence(quota.metadata.name, missing), {
        details: { kind: 'namespaces', name: project.metadata.name },
      });
    }
  }
}

/** Who is in a workspace: users and groups that a binding of it names. */
async function membersOf({ kube }: TenancyParts, workspace: string): Promise<ReadonlySet<string>> {
  const selector = { labelSelector: `${labels.workspace}=${workspace}` };
  const { items } = await kube.list<BindingObject>(iamTypes.workspaceRoleBindings, selector);
  return new Set(items.flatMap(({ subjects = [] }) => subjects.map(subjectKey)));
}

const subjectKey = ({ kind, name }: Subject): string => `${kind}/${name}`;
const isPerson = ({ kind, name }: Subject): boolean => kind !== 'ServiceAccount' && !name.startsWith('system:');

interface Outcome {
  readonly keeps: string[];
  readonly drops: BindingObject[];
}

/** Bindings of people and groups that are not in the target go; service accounts are the project's own and stay. */
async function sortBindings(parts: TenancyParts, project: string, target: string): Promise<Outcome> {
  const members = await membersOf(parts, target);
  const { items } = await parts.kube.list<BindingObject>(iamTypes.roleBindings, { namespace: project });
  const strangers = (binding: BindingObject): Subject[] =>
    (binding.subjects ?? []).filter((subject) => isPerson(subject) && !members.has(subjectKey(subject)));
  const kept = items
    .flatMap(({ subjects = [] }) => subjects.filter(isPerson))
    .filter((s) => members.has(subjectKey(s)));
  return {
    keeps: [...new Set(kept.map(({ name }) => name))].sort(),
    drops: items.filter((binding) => strangers(binding).length > 0),
  };
}

function withMove(project: Namespace, { user, workspace, target }: TransferRequest, nowMs: number): string {
  const before = project.metadata.annotations?.[transfersAnnotation] ?? '[]';
  let moves: unknown;
  try {
    moves = JSON.parse(before);
  } catch {
    moves = []; // written by somebody else: the record begins anew
  }
  const list = Array.isArray(moves) ? (moves as unknown[]) : []; // cast: an array, of whatever
  const move = { from: workspace, to: target, by: user.name, at: timestamp(nowMs) };
  return JSON.stringify([...list, move].slice(-keptMoves));
}

/** Others in the same binding keep it; an empty one goes. */
async function drop(parts: TenancyParts, binding: BindingObject, members: ReadonlySet<string>): Promise<void> {
  const left = (binding.subjects ?? []).filter((s) => !isPerson(s) || members.has(subjectKey(s)));
  try {
    if (left.length > 0) await parts.kube.update<KubeObject>(iamTypes.roleBindings, { ...binding, subjects: left });
    else await parts.kube.delete(iamTypes.roleBindings, binding.metadata);
  } catch (error) {
    if (!isApiError(error, 'NotFound')) throw error;
  }
}

/**
 * Moves a project to another workspace. Everything is checked before the first write; rights that end go first, so that
 * nobody from the old workspace is in the project of the new one for a moment. The controllers then make its owner anew.
 */
export async function transferProject(parts: TenancyParts, request: TransferRequest): Promise<TransferReport> {
  const { user, workspace, project: name, target, dryRun } = request;
  askBoth(parts, request);
  const project = await projectToMove(parts, request);
  await checkQuotas(parts, project, target);
  const { keeps, drops } = await sortBindings(parts, name, target);
  const { resourceVersion } = project.metadata;
  const metadata = {
    resourceVersion,
    labels: { [labels.workspace]: target },
    annotations: { [transfersAnnotation]: withMove(project, request, parts.clock.now()) },
  };
  const move = (dry: boolean) =>
    parts.kube.patch(
      kinds.namespaces,
      { name },
      { metadata },
      { type: 'merge', dryRun: dry, fieldManager: 'freehold' },
    );
  await move(true);
  if (!dryRun) {
    const members = await membersOf(parts, target);
    for (const binding of drops) await drop(parts, binding, members);
    await move(false);
    parts.log.info('a project moved', { project: name, from: workspace, to: target, by: user.name });
  }
  const described = drops.map(({ metadata: { name: binding }, subjects = [] }) => ({
    binding,
    subjects: subjects.map((subject) => subject.name),
  }));
  return { project: name, from: workspace, to: target, dryRun, keeps, drops: described };
}
