import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionMenu, api, ConfirmDelete, toast, useCan, useSession } from '@kit/ui';
import { iamApi, type UserItem } from './api.ts';
import { SetPassword } from './set-password.tsx';
import { useText } from './text.ts';

/** What can be done with one user. */
export function UserActions({ user }: { user: UserItem }) {
  const t = useText();
  const queries = useQueryClient();
  const { username } = useSession();
  const { name } = user.metadata;
  const path = `${iamApi}/users/${encodeURIComponent(name)}`;
  const right = { group: 'iam.kubesphere.io', resource: 'users' } as const;
  const canUpdate = useCan({ verb: 'update', ...right });
  const canDelete = useCan({ verb: 'delete', ...right });
  const [isDeleting, deletion] = useDisclosure(false);
  const [isSetting, password] = useDisclosure(false);
  const isSelf = name === username;
  const isDisabled = user.status?.state === 'Disabled';
  const refresh = () => queries.invalidateQueries({ queryKey: ['list', `${iamApi}/users`] });
  const toggle = async () => {
    try {
      const current = await api.get<UserItem>(path);
      await api.put(path, { ...current, status: { ...current.status, state: isDisabled ? 'Active' : 'Disabled' } });
      await refresh();
      toast.done(t(isDisabled ? 'users.enabled' : 'users.disabled', { name }));
    } catch (error) {
      toast.failed(error);
    }
  };
  const selfReason = isSelf ? t('users.self') : undefined;
  return (
    <>
      <ActionMenu
        quiet
        label={t('user.actionsOf', { name })}
        items={[
          {
            label: t('users.setPassword'),
            icon: 'key',
            verdict: canUpdate,
            disabledReason: selfReason,
            onClick: password.open,
          },
          {
            label: t(isDisabled ? 'users.enable' : 'users.disable'),
            icon: isDisabled ? 'check' : 'player-pause',
            verdict: canUpdate,
            disabledReason: selfReason,
            onClick: () => void toggle(),
          },
          {
            label: t('users.delete'),
            icon: 'trash',
            danger: true,
            verdict: canDelete,
            disabledReason: selfReason,
            onClick: deletion.open,
          },
        ]}
      />
      <ConfirmDelete
        opened={isDeleting}
        onClose={deletion.close}
        title={t('users.delete.title', { name })}
        goes={[t('users.delete.goes')]}
        stays={[t('users.delete.stays')]}
        confirmLabel={t('users.delete')}
        onConfirm={async () => {
          await api.delete(path);
          await refresh();
        }}
      />
      <SetPassword opened={isSetting} onClose={password.close} username={name} />
    </>
  );
}
