import { iamSeeds, labels } from '../contract/index.ts';
import type { RoleObject } from '../contract/index.ts';

const seeded = new Set(iamSeeds.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
const ofProjects = new Set(['admin', 'operator', 'viewer']);
const ofWorkspaces = ['admin', 'viewer', 'regular', 'self-provisioner'];

/**
 * Whether a role is the platform's or the cluster's own: a template, a built-in role, or one that Kubernetes brings.
 * The API of roles makes rules anew from templates at every write, which would empty these.
 */
export function isBuiltInRole({ kind, metadata }: RoleObject): boolean {
  const { name, labels: own = {} } = metadata;
  if (labels.roleTemplate in own || 'kubernetes.io/bootstrapping' in own || name.startsWith('system:')) return true;
  if (kind === 'Role') return ofProjects.has(name);
  if (kind === 'WorkspaceRole') return ofWorkspaces.some((role) => name === `${own[labels.workspace] ?? ''}-${role}`);
  return seeded.has(`${kind}/${name}`);
}
