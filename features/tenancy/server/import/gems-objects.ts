import { annotations, iamGroup, iamTypes, labels, userFinalizer, type Subject } from '@feature/iam/contract';
import { apiVersionOf, kinds, type KubeObject, type ResourceType } from '@kit/kube';
import { quotaType, tenancyTypes, workspaceRoleName } from '../../contract/index.ts';
import { quotaProblems } from '../../rules/quota-check.ts';
import { projectNameProblem, workspaceNameProblem } from '../../rules/tenant-name.ts';
import type { GemsTables } from './gems-tables.ts';
import type { DumpRow } from './read-dump.ts';

/** What one row becomes. */
export interface Wanted {
  /** The line of the report it belongs to. */
  readonly line: string;
  readonly type: ResourceType;
  readonly object: KubeObject;
  /** Why it cannot be taken. */
  readonly problem?: string;
  /** What is different here. */
  readonly change?: string;
}

/** The labels by which KubeGems itself ties a namespace to its tenant and project. */
export const gemsLabels = { tenant: 'gems.kubegems.io/tenant', project: 'gems.kubegems.io/project' } as const;

const rbac = 'rbac.authorization.k8s.io';
const bcrypt = /^\$2[ayb]\$.{56}$/;
const userName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

const noted = (entries: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value ? [[key, value]] : [])));

/** Finds rows by their id. */
export const byId = (rows: readonly DumpRow[]): ReadonlyMap<string | undefined, DumpRow> =>
  new Map(rows.map((row) => [row['id'], row]));

export function workspaceFrom(tenant: DumpRow): Wanted {
  const type = tenancyTypes.workspaceTemplates;
  const name = tenant['tenant_name'] ?? '';
  const problem = workspaceNameProblem(name);
  return {
    line: 'tenants',
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

const namespaceOf = (environment: DumpRow): string =>
  environment['namespace'] || (environment['environment_name'] ?? '');

/** An environment is a namespace already, and so a project; the KubeGems project it belonged to becomes a label. */
export function projectFrom(environment: DumpRow, tables: GemsTables): Wanted {
  const name = namespaceOf(environment);
  const project = byId(tables.projects).get(environment['project_id']);
  const workspace = byId(tables.tenants).get(project?.['tenant_id'])?.['tenant_name'];
  const problem = workspace ? projectNameProblem(name) : 'its project or tenant is not there';
  const own = { [labels.workspace]: workspace, [gemsLabels.project]: project?.['project_name'] };
  const notes = {
    [annotations.aliasName]: environment['environment_name'],
    [annotations.description]: environment['remark'],
  };
  return {
    line: 'environments',
    type: kinds.namespaces,
    object: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: noted(own), annotations: noted(notes) },
    },
    ...(problem ? { problem } : {}),
    change: `it is environment "${environment['environment_name']}" of project "${project?.['project_name']}", which is a label now`,
  };
}

function changeOf(user: DumpRow, tables: GemsTables): string | undefined {
  const role = byId(tables.system_roles).get(user['system_role_id']);
  const sentences = [
    ...(bcrypt.test(user['password'] ?? '') ? [] : ['has no password here until one is set']),
    ...(user['is_active'] === '0' ? ['was disabled, and is'] : []),
    ...(role?.['role_code'] === 'sysadmin'
      ? ['was a system administrator; give the role platform-admin if that is to be']
      : []),
  ];
  return sentences.length > 0 ? sentences.join('; ') : undefined;
}

/** A person with the hash of their password, which is verified and then renewed when they sign in. */
export function userFrom(user: DumpRow, tables: GemsTables): Wanted {
  const { username: name = '', email = '', password = '' } = user;
  const change = changeOf(user, tables);
  const isNamed = userName.test(name);
  return {
    line: 'users',
    type: iamTypes.users,
    object: {
      apiVersion: apiVersionOf(iamTypes.users),
      kind: iamTypes.users.kind,
      metadata: { name, finalizers: [userFinalizer] },
      spec: { email, ...(bcrypt.test(password) ? { password } : {}) },
      ...(user['is_active'] === '0' ? { status: { state: 'Disabled', reason: 'disabled in KubeGems' } } : {}),
    },
    ...(isNamed ? {} : { problem: `"${name}" cannot be the name of a user: lower-case letters, digits, "-" and "."` }),
    ...(change ? { change } : {}),
  };
}

const personOf = (name: string): Subject => ({ apiGroup: rbac, kind: 'User', name });

/** A member of a tenant: its administrators administer the workspace, others are in it without a right to look around. */
export function workspaceMemberFrom(relation: DumpRow, tables: GemsTables): Wanted | undefined {
  const user = byId(tables.users).get(relation['user_id'])?.['username'];
  const workspace = byId(tables.tenants).get(relation['tenant_id'])?.['tenant_name'];
  if (!user || !workspace) return undefined;
  const role = workspaceRoleName(workspace, relation['role'] === 'admin' ? 'admin' : 'regular');
  const type = iamTypes.workspaceRoleBindings;
  return {
    line: 'members of tenants',
    type,
    object: {
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: { name: `${user}-${role}`, labels: { [labels.workspace]: workspace, [labels.userRef]: user } },
      roleRef: { apiGroup: iamGroup, kind: 'WorkspaceRole', name: role },
      subjects: [personOf(user)],
    },
  };
}

const roles = ['viewer', 'operator', 'admin'] as const;
/** What may write there writes here, and nobody gets more than they had. */
const roleFrom: Readonly<Record<string, (typeof roles)[number]>> = {
  admin: 'admin',
  ops: 'operator',
  operator: 'operator',
};

/** The members of an environment: its own and those of its project, each with the stronger of their roles. */
export function projectMembersFrom(environment: DumpRow, tables: GemsTables): Wanted[] {
  const relations = [
    ...tables.project_user_rels.filter((one) => one['project_id'] === environment['project_id']),
    ...tables.environment_user_rels.filter((one) => one['environment_id'] === environment['id']),
  ];
  const strongest = new Map<string, (typeof roles)[number]>();
  for (const relation of relations) {
    const user = byId(tables.users).get(relation['user_id'])?.['username'];
    const role = roleFrom[relation['role'] ?? ''] ?? 'viewer';
    if (user && roles.indexOf(role) >= roles.indexOf(strongest.get(user) ?? 'viewer')) strongest.set(user, role);
  }
  const namespace = namespaceOf(environment);
  return [...strongest].map(([user, role]) => ({
    line: 'members of environments',
    type: kinds.rolebindings,
    object: {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: `${user}-${role}`, namespace, labels: { [labels.userRef]: user } },
      roleRef: { apiGroup: rbac, kind: 'Role', name: role },
      subjects: [personOf(user)],
    },
  }));
}

function amountsIn(content: string | undefined): Record<string, string> {
  try {
    const read: unknown = JSON.parse(content ?? '{}');
    const entries = typeof read === 'object' && read !== null ? Object.entries(read) : [];
    return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
  } catch {
    return {};
  }
}

/** What a tenant may take of the cluster limits its workspace. */
export function quotaFrom(row: DumpRow, tables: GemsTables): Wanted | undefined {
  const workspace = byId(tables.tenants).get(row['tenant_id'])?.['tenant_name'];
  const hard = amountsIn(row['content']);
  if (!workspace || Object.keys(hard).length === 0) return undefined;
  const [problem] = quotaProblems({ hard });
  return {
    line: 'quotas of tenants',
    type: quotaType,
    object: {
      apiVersion: apiVersionOf(quotaType),
      kind: quotaType.kind,
      metadata: { name: workspace, labels: { [labels.workspace]: workspace } },
      spec: { quota: { hard }, selector: { [labels.workspace]: workspace } },
    },
    ...(problem ? { problem: problem.message } : {}),
  };
}
