import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionMenu, api, Confirm, ConfirmDelete, toast, useCan, useSession } from '@kit/ui';
import { iamApi, type UserItem } from '../api.ts';
import { useText } from '../text.ts';
import { SetPassword } from './set-password.tsx';

const right = { group: 'iam.kubesphere.io', resource: 'users' } as const;

/** Turns a user's state, and shows what became of it. */
function useSetState(name: string) {
  const t = useText();
  const queries = useQueryClient();
  const path = `${iamApi}/users/${encodeURIComponent(name)}`;
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['list', `${iamApi}/users`] }),
      queries.invalidateQueries({ queryKey: ['object', path] }),
    ]);
  const setState = async (state: 'Active' | 'Disabled', done: 'enabled' | 'disabled' | 'unlocked') => {
    try {
      const current = await api.get<UserItem>(path);
      await api.put(path, { ...current, status: { ...current.status, state } });
      toast.done(t(`users.${done}`, { name }));
    } catch (error) {
      toast.failed(error);
    }
    await refresh();
  };
  return { path, refresh, setState };
}

/** What can be done with one user. */
export function UserActions({ user }: { user: UserItem }) {
  const t = useText();
  const { username } = useSession();
  const { name } = user.metadata;
  const { path, refresh, setState } = useSetState(name);
  const canUpdate = useCan({ verb: 'update', ...right });
  const canDelete = useCan({ verb: 'delete', ...right });
  const [isDeleting, deletion] = useDisclosure(false);
  const [isSetting, password] = useDisclosure(false);
  const [isResetting, reset] = useDisclosure(false);
  const disabledReason = name === username ? t('users.self') : undefined;
  const state = user.status?.state;
  const isDisabled = state === 'Disabled';
  const change = { verdict: canUpdate, disabledReason };
  return (
    <>
      <ActionMenu
        quiet
        label={t('user.actionsOf', { name })}
        items={[
          ...(state === 'AuthLimitExceeded'
            ? [
                {
                  label: t('users.unlock'),
                  icon: 'lock' as const,
                  ...change,
                  onClick: () => void setState('Active', 'unlocked'),
                },
              ]
            : []),
          { label: t('users.setPassword'), icon: 'key', ...change, onClick: password.open },
          { label: t('users.resetFactor'), icon: 'shield-lock', ...change, onClick: reset.open },
          {
            label: t(isDisabled ? 'users.enable' : 'users.disable'),
            icon: isDisabled ? 'check' : 'player-pause',
            ...change,
            onClick: () => void (isDisabled ? setState('Active', 'enabled') : setState('Disabled', 'disabled')),
          },
          {
            label: t('users.delete'),
            icon: 'trash',
            danger: true,
            verdict: canDelete,
            disabledReason,
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
      <Confirm
        opened={isResetting}
        onClose={reset.close}
        title={t('users.resetFactor.title', { name })}
        confirmLabel={t('users.resetFactor')}
        danger
        onConfirm={async () => {
          await api.delete(`/kapis/iam.freehold.io/v1alpha1/users/${encodeURIComponent(name)}/secondfactor`);
          toast.done(t('users.factorReset', { name }));
        }}
      >
        <div>{t('users.resetFactor.text')}</div>
      </Confirm>
      <SetPassword opened={isSetting} onClose={password.close} username={name} />
    </>
  );
}
