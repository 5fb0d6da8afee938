import { iamTypes, labels, type UserObject } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import { kinds, type KubeClient, type KubeObject } from '@kit/kube';
import { tenancyTypes } from '../../contract/index.ts';
import {
  byId,
  gemsLabels,
  projectFrom,
  projectMembersFrom,
  quotaFrom,
  userFrom,
  workspaceFrom,
  workspaceMemberFrom,
  type Wanted,
} from './gems-objects.ts';
import type { GemsTables } from './gems-tables.ts';
import { ImportNotes, type ImportReport } from './import-report.ts';
import type { DumpRow } from './read-dump.ts';

export interface GemsSource {
  readonly tables: GemsTables;
  /** The name that KubeGems has for the cluster of `to`; needed where it runs several. */
  readonly cluster?: string;
  readonly to: KubeClient;
  readonly dryRun: boolean;
}

interface Run extends GemsSource {
  readonly notes: ImportNotes;
  /** Who is in the target, or will be: nobody else is bound, since the name may be taken by somebody later. */
  readonly people: Set<string>;
  /** Addresses that somebody has. */
  readonly emails: Set<string>;
  /** Places that could not be taken, by name: what is in them cannot either. */
  readonly missing: Set<string>;
}

const writer = { fieldManager: 'freehold-import' } as const;

/** An environment that KubeGems runs in this very cluster is a namespace of it already, which says whose it is. */
async function adopt({ to, dryRun }: Run, { metadata }: KubeObject): Promise<boolean> {
  const found = await to.find(kinds.namespaces, { name: metadata.name });
  const own = found?.metadata.labels ?? {};
  const workspace = metadata.labels?.[labels.workspace];
  if (!found || own[gemsLabels.tenant] !== workspace || own[labels.workspace] !== undefined) return false;
  const patch = {
    metadata: {
      resourceVersion: found.metadata.resourceVersion,
      labels: { [labels.workspace]: workspace },
      annotations: { ...metadata.annotations, ...found.metadata.annotations },
    },
  };
  await to.patch(kinds.namespaces, { name: metadata.name }, patch, { type: 'merge', dryRun, ...writer });
  return true;
}

/** Why an object cannot be written, as far as that is known before. */
function obstacleTo({ people, emails, missing }: Run, { type, object, problem }: Wanted): string | undefined {
  if (problem) return problem;
  const { subjects = [], metadata } = object as KubeObject & { subjects?: { name: string }[] }; // cast: of what is written here, only bindings have subjects
  const nobody = subjects.find(({ name }) => !people.has(name));
  if (nobody) return `user "${nobody.name}" was not taken`;
  const place = metadata.namespace ?? metadata.labels?.[labels.workspace];
  if (place !== undefined && missing.has(place)) return `"${place}" was not taken`;
  if (type !== iamTypes.users) return undefined;
  const { email } = (object as UserObject).spec; // cast: the type says so
  return emails.has(email.toLowerCase()) ? `somebody else has the e-mail address "${email}"` : undefined;
}

/** Creates it; what the target says otherwise. In a dry run the place an object belongs to is not made. */
async function refusalOf({ to, dryRun }: Run, { type, object }: Wanted): Promise<ApiError | undefined> {
  try {
    await to.create(type, object, { dryRun, ...writer });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code >= 500) throw error;
    return dryRun && error.reason === 'NotFound' ? undefined : error;
  }
}

function remember({ people, emails }: Run, { type, object }: Wanted): void {
  if (type !== iamTypes.users) return;
  people.add(object.metadata.name);
  emails.add((object as UserObject).spec.email.toLowerCase()); // cast: the type says so
}

const nameOf = ({ metadata: { name, namespace } }: KubeObject): string =>
  (namespace === undefined ? name : `${namespace}/${name}`) || '(no name)';

function noteTaken(run: Run, wanted: Wanted): void {
  const line = run.notes.of(wanted.line);
  const name = nameOf(wanted.object);
  remember(run, wanted);
  if (wanted.change) line.changed.push({ name, why: wanted.change });
  else line.taken.push(name);
}

function noteLeft(run: Run, { type, object, line }: Wanted, why: string): void {
  if (type === kinds.namespaces || type === tenancyTypes.workspaceTemplates) run.missing.add(object.metadata.name);
  run.notes.of(line).unsupported.push({ name: nameOf(object), why });
}

/** A namespace that is there is taken only if KubeGems made it for this tenant; of everything else, what is there stays. */
async function takePresent(run: Run, wanted: Wanted): Promise<void> {
  const { type, object } = wanted;
  const line = run.notes.of(wanted.line);
  const name = nameOf(object);
  if (type !== kinds.namespaces) return void line.present.push(name);
  const why = 'it stands; its labels tie it to the workspace now';
  if (await adopt(run, object)) return void line.changed.push({ name, why });
  noteLeft(run, wanted, 'a namespace of that name is there, and is not an environment of this tenant');
}

async function take(run: Run, wanted: Wanted): Promise<void> {
  if (wanted.type === iamTypes.users && run.people.has(wanted.object.metadata.name)) return takePresent(run, wanted);
  const obstacle = obstacleTo(run, wanted);
  if (obstacle !== undefined) return noteLeft(run, wanted, obstacle);
  const refusal = await refusalOf(run, wanted);
  if (!refusal) return noteTaken(run, wanted);
  if (refusal.reason === 'AlreadyExists') return takePresent(run, wanted);
  noteLeft(run, wanted, refusal.message);
}

/** The environments of the cluster that is written to; `Invalid` when it is not said which of several that is. */
function environmentsHere({ tables, cluster }: GemsSource): { here: DumpRow[]; id: string | undefined } {
  const names = byId(tables.clusters);
  const used = new Set(tables.environments.map((one) => one['cluster_id']));
  const clusterNamed = (id: string | undefined): string => names.get(id)?.['cluster_name'] ?? id ?? '';
  const chosen = [...names.keys()].find((id) => clusterNamed(id) === cluster);
  if (cluster !== undefined && chosen === undefined)
    throw unclear(`has no cluster "${cluster}"`, [...names.keys()].map(clusterNamed));
  if (cluster === undefined && used.size > 1)
    throw unclear('runs several clusters: say which one this is', [...used].map(clusterNamed));
  const id = chosen ?? [...used][0];
  return { here: tables.environments.filter((one) => one['cluster_id'] === id), id };
}

function unclear(what: string, names: readonly string[]): ApiError {
  return new ApiError('Invalid', `KubeGems ${what}; it has ${names.map((name) => `"${name}"`).join(', ')}`);
}

/**
 * Makes workspaces of KubeGems' tenants, and projects of its environments with their people; its projects, which stand
 * between the two, become labels. Nothing is deleted, nobody's password is changed, and it can be repeated.
 */
export async function importKubeGems(source: GemsSource): Promise<ImportReport> {
  const { tables, to } = source;
  const { here, id } = environmentsHere(source);
  const { items } = await to.list<UserObject>(iamTypes.users);
  const run: Run = {
    ...source,
    notes: new ImportNotes(),
    people: new Set(items.map(({ metadata }) => metadata.name)),
    emails: new Set(items.map(({ spec }) => spec.email.toLowerCase())),
    missing: new Set(),
  };
  const quotas = tables.tenant_resource_quota.filter((row) => row['cluster_id'] === id);
  const wanted = [
    ...tables.users.map((row) => userFrom(row, tables)),
    ...tables.tenants.map(workspaceFrom),
    ...tables.tenant_user_rels.map((row) => workspaceMemberFrom(row, tables)),
    ...here.map((row) => projectFrom(row, tables)),
    ...here.flatMap((row) => projectMembersFrom(row, tables)),
    ...quotas.map((row) => quotaFrom(row, tables)),
  ];
  for (const one of wanted) if (one) await take(run, one);
  return run.notes.report;
}
