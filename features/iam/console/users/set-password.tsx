import { useState } from 'react';
import { PasswordInput } from '@mantine/core';
import { api, Confirm, toast } from '@kit/ui';
import { iamApi } from '../api.ts';
import { useText } from '../text.ts';

interface SetPasswordProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly username: string;
}

/** An administrator gives a user another password; every session of the user ends. */
export function SetPassword({ opened, onClose, username }: SetPasswordProps) {
  const t = useText();
  const [password, setPassword] = useState('');
  const close = () => {
    setPassword('');
    onClose();
  };
  const save = async () => {
    await api.put(`${iamApi}/users/${encodeURIComponent(username)}/password`, { password });
    toast.done(t('users.passwordSet', { name: username }));
  };
  return (
    <Confirm
      opened={opened}
      onClose={close}
      title={t('users.setPassword.title', { name: username })}
      confirmLabel={t('users.setPassword')}
      onConfirm={save}
      isReady={password !== ''}
    >
      <div>{t('users.setPassword.text')}</div>
      <PasswordInput
        label={t('password.new')}
        description={t('password.rule')}
        autoComplete="new-password"
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </Confirm>
  );
}
