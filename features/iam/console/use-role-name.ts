import { aliasOf, type RoleItem } from './api.ts';
import { useText } from './text.ts';

const known = [
  'platform-admin',
  'platform-self-provisioner',
  'platform-regular',
  'cluster-admin',
  'cluster-viewer',
  'admin',
  'operator',
  'viewer',
  'self-provisioner',
  'regular',
] as const;
type KnownRole = (typeof known)[number];

/** The built-in roles that carry the rights of whole classes of users; nobody is given one of these by hand. */
const internal = new Set(['anonymous', 'authenticated', 'pre-registration']);

/** True for roles that a person can be given. */
export function isForPeople({ metadata }: RoleItem): boolean {
  return !internal.has(metadata.name) && metadata.labels?.['iam.kubesphere.io/role-template'] === undefined;
}

/** Names built-in roles in the user's language, others by their alias or name. */
export function useRoleName(): (short: string, role?: RoleItem) => string {
  const t = useText();
  return (short, role) => {
    const builtIn = known.find((name): name is KnownRole => name === short);
    return builtIn ? t(`role.${builtIn}`) : ((role && aliasOf(role)) ?? short);
  };
}

/** What a built-in role is for; undefined for others. */
export function useRoleText(): (short: string) => string | undefined {
  const t = useText();
  return (short) => {
    const builtIn = known.find((name): name is KnownRole => name === short);
    return builtIn && t(`role.${builtIn}.text`);
  };
}
