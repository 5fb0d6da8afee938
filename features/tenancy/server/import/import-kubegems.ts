import { annotations, labels } from '@feature/iam/contract';
import { ApiError, isApiError } from '@kit/base';
import { apiVersionOf, kinds, type KubeClient, type KubeObject, type ResourceType } from '@kit/kube';
import { tenancyTypes } from '../../contract/index.ts';
import { projectNameProblem, workspaceNameProblem } from '../../rules/tenant-name.ts';
import { ImportNotes, type ImportReport } from './import-report.ts';
import { readTable, type DumpRow } from './read-dump.ts';

export interface GemsSource {
  /** The text of a MySQL dump of KubeGems' database. */
  readonly dump: string;
  readonly to: KubeClient;
  readonly dryRun: boolean;
}

/** On a project: the KubeGems project that its environment belonged to. */
const gemsProjectLabel = 'gems.kubegems.io/project';

interface Wanted {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly problem?: string;
  readonly change?: string;
}

const noted = (entries: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value ? [[key, value]] : [])));

function workspaceFrom(tenant: DumpRow): Wanted {
  const type = tenancyTypes.workspaceTemplates;
  const name = tenant['tenant_name'] ?? '';
  const problem = workspaceNameProblem(name);
  return {
    type,
    object: {
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: { name, annotations: noted({ [annotations.description]: tenant['remark'] }) },
      spec: { placement: {}, template: { spec: {} } },
    },
    ...(problem ? { problem } : {}),
    ...(tenant['is_active'] === '0' ? { change: 'it was disabled; a workspace cannot be' } : {}),
  };
}

function namespaceFrom(environment: DumpRow, project: DumpRow | undefined, tenant: DumpRow | undefined): Wanted {
  const name = environment['namespace'] || (environment['environment_name'] ?? '');
  const workspace = tenant?.['tenant_name'];
  const problem = workspace ? projectNameProblem(name) : 'its project or tenant is not in the dump';
  const own = noted({ [labels.workspace]: workspace, [gemsProjectLabel]: project?.['project_name'] });
  const notes = noted({
    [annotations.aliasName]: environment['environment_name'],
    [annotations.description]: environment['remark'],
  });
  return {
    type: kinds.namespaces,
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: own, annotations: notes } },
    ...(problem ? { problem } : {}),
    change: `it is environment "${environment['environment_name']}" of project "${project?.['project_name']}", which is a label now`,
  };
}

async function write({ to, dryRun }: GemsSource, notes: ImportNotes, wanted: Wanted): Promise<void> {
  const { type, object, problem, change } = wanted;
  const { name } = object.metadata;
  const line = notes.of(type === kinds.namespaces ? 'environments' : 'tenants');
  if (problem) return void line.unsupported.push({ name: name || '(no name)', why: problem });
  try {
    await to.create(type, object, { dryRun, fieldManager: 'freehold-import' });
  } catch (error) {
    if (isApiError(error, 'AlreadyExists')) return void line.present.push(name);
    if (!(error instanceof ApiError) || error.code >= 500) throw error;
    return void line.unsupported.push({ name, why: error.message });
  }
  if (change) line.changed.push({ name, why: change });
  else line.taken.push(name);
}

const byId = (rows: readonly DumpRow[]): ReadonlyMap<string | undefined, DumpRow> =>
  new Map(rows.map((row) => [row['id'], row]));

/**
 * Makes workspaces of KubeGems' tenants, and projects of its environments; its projects, which stand between the two,
 * become labels. What exists stays as it is, nothing is deleted, and it can be repeated.
 */
export async function importKubeGems(source: GemsSource): Promise<ImportReport> {
  const alive = (table: string): DumpRow[] =>
    readTable(source.dump, table).filter((row) => row['deleted_at'] === undefined);
  const [tenants, projects, environments] = [alive('tenants'), alive('projects'), alive('environments')];
  if (tenants.length === 0)
    throw new ApiError('BadRequest', 'the dump has no rows of table "tenants": is it one of KubeGems’ database?');
  const notes = new ImportNotes();
  const [tenantOf, projectOf] = [byId(tenants), byId(projects)];
  for (const tenant of tenants) await write(source, notes, workspaceFrom(tenant));
  for (const environment of environments) {
    const project = projectOf.get(environment['project_id']);
    await write(source, notes, namespaceFrom(environment, project, tenantOf.get(project?.['tenant_id'])));
  }
  const line = notes.of('users');
  for (const { username = '' } of alive('users'))
    line.unsupported.push({
      name: username,
      why: 'people sign in with an account of their own; make it, or connect the directory',
    });
  return notes.report;
}
