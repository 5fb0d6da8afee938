import { Facts, Time } from '@kit/ui';
import { globalRoleOf, type UserItem } from '../api.ts';
import { useText } from '../text.ts';
import { useRoleName } from '../use-role-name.ts';
import { UserState } from './user-state.tsx';

/** What is known of a user. */
export function UserFacts({ user }: { user: UserItem }) {
  const t = useText();
  const roleName = useRoleName();
  const { metadata, spec, status } = user;
  return (
    <Facts
      items={[
        { label: t('user.state'), value: <UserState user={user} /> },
        { label: t('user.displayName'), value: spec.displayName },
        { label: t('user.email'), value: spec.email },
        { label: t('user.role'), value: roleName(globalRoleOf(user)) },
        { label: t('user.description'), value: spec.description },
        { label: t('account.groups'), value: spec.groups?.join(', ') },
        { label: t('user.created'), value: <Time at={metadata.creationTimestamp} /> },
        {
          label: t('user.lastLogin'),
          value: status?.lastLoginTime ? <Time at={status.lastLoginTime} /> : t('user.never'),
        },
      ]}
    />
  );
}
