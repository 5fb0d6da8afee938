import { iamSeeds, type PolicyRule, type RoleBaseObject, type RoleObject } from '@feature/iam/contract';
import type { Session } from '@kit/testing';

export type Level = 'platform' | 'cluster' | 'workspace' | 'project';

/** One role of one person, in one place: what the matrix expects of them follows from it. */
export interface Grant {
  readonly level: Level;
  /** Name of the workspace or namespace; '' for the other two. */
  readonly place: string;
  readonly role: string;
}

export interface Person {
  readonly name: string;
  readonly grants: readonly Grant[];
}

/** The places of the matrix: people have their roles in `own`, and none in the others. */
export const places = {
  own: { workspace: 'dev', namespace: 'shop', devops: 'pipes' },
  foreign: { workspace: 'ops', namespace: 'tools', devops: 'lines' },
  none: { workspace: 'nowhere', namespace: 'kube-system', devops: 'nowhere' },
} as const;
export type Where = keyof typeof places;

/** The workspace of each project. */
export const projects: Readonly<Record<string, string>> = { shop: 'dev', pipes: 'dev', tools: 'ops', lines: 'ops' };

const person = (name: string, ...grants: Grant[]): Person => ({ name, grants });
const platform = (role: string): Grant => ({ level: 'platform', place: '', role });
const cluster = (role: string): Grant => ({ level: 'cluster', place: '', role });
const inDev = (role: string): Grant => ({ level: 'workspace', place: 'dev', role: `dev-${role}` });
const inProject = (place: string, role: string): Grant => ({ level: 'project', place, role });

/** Roles made of the platform's templates, as administrators make them: limited, but of the whole platform. */
export const madeRoles: Readonly<Record<string, readonly string[]>> = {
  'users-manager': ['role-template-manage-users'],
  'roles-manager': ['role-template-manage-roles'],
  'workspaces-manager': ['role-template-manage-workspaces'],
  'clusters-manager': ['role-template-manage-clusters'],
  'clusters-viewer': ['role-template-view-clusters'],
};

/** One person for each built-in role on each level, and for some that administrators make. */
export const people: readonly Person[] = [
  person('boss', platform('platform-admin')),
  person('regular', platform('platform-regular')),
  person('provisioner', platform('platform-self-provisioner')),
  ...Object.keys(madeRoles).map((role) => person(`the-${role}`, platform(role))),
  person('cluster-boss', cluster('cluster-admin')),
  person('cluster-reader', cluster('cluster-viewer')),
  person('dev-boss', inDev('admin')),
  person('dev-maker', inDev('self-provisioner')),
  person('dev-guest', inDev('regular')),
  person('dev-reader', inDev('viewer')),
  person('shop-boss', inProject('shop', 'admin')),
  person('shop-worker', inProject('shop', 'operator')),
  person('shop-reader', inProject('shop', 'viewer')),
  person('pipes-boss', inProject('pipes', 'admin')),
  person('pipes-worker', inProject('pipes', 'operator')),
  person('pipes-reader', inProject('pipes', 'viewer')),
  person('nobody'),
];

/** Somebody of whom the others would like to know more; asks for nothing. */
export const victim: Person = person('victim');

const seeds = new Map(iamSeeds.map((seed) => [`${seed.kind}/${seed.metadata.name}`, seed as RoleObject]));
const everything: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

/** What the published data says of a built-in role; roles that were made are asked of the platform. */
export async function rulesOf({ level, place, role }: Grant, admin: Session): Promise<PolicyRule[]> {
  if (role === 'cluster-admin') return everything; // Kubernetes' own
  if (level === 'workspace' || level === 'project') return stamped(level, place, role);
  const kind = level === 'platform' ? 'GlobalRole' : 'ClusterRole';
  const seed = seeds.get(`${kind}/${role}`);
  if (seed) return seed.rules ?? [];
  const { body } = await admin.call<RoleObject>('GET', `/kapis/iam.kubesphere.io/v1alpha2/globalroles/${role}`);
  return body.rules ?? [];
}

function stamped(level: 'workspace' | 'project', place: string, role: string): PolicyRule[] {
  const name = level === 'workspace' ? role.slice(place.length + 1) : role;
  const base = seeds.get(`RoleBase/${level}-${name}`) as unknown as RoleBaseObject; // the seeds of that kind
  return base.role.rules ?? [];
}

/** What every signed-in user has. */
export const everybody: PolicyRule[] = seeds.get('GlobalRole/authenticated')?.rules ?? [];
