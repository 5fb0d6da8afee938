import type { RoleItem } from '../api.ts';
import type { RolesOf } from './roles-of.ts';

const names: Readonly<Record<RolesOf['kind'], readonly string[]>> = {
  platform: ['platform-admin', 'platform-regular', 'platform-self-provisioner'],
  cluster: ['cluster-admin', 'cluster-viewer'],
  workspace: ['admin', 'viewer', 'regular', 'self-provisioner'],
  project: ['admin', 'operator', 'viewer'],
};

/** Whether a role is the platform's or the cluster's own, which nobody changes. The server has the last word. */
export function isBuiltIn(of: Pick<RolesOf, 'kind' | 'shortRole'>, { metadata }: RoleItem): boolean {
  if (metadata.labels?.['kubernetes.io/bootstrapping'] !== undefined) return true;
  return names[of.kind].includes(of.shortRole(metadata.name)) || metadata.name.startsWith('system:');
}
