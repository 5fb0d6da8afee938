import { Button, PasswordInput, Stack } from '@mantine/core';
import { api, FormError, useServerForm } from '@kit/ui';
import { iamApi } from '../api.ts';
import { GateFrame } from './gate-frame.tsx';
import { useText } from '../text.ts';

/** Asked of whom somebody else gave the password: choose one that only you know. */
export default function FirstPasswordPage({ username, onChanged }: { username: string; onChanged: () => void }) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { currentPassword: '', password: '', again: '' },
    validate: {
      currentPassword: (value) => (value === '' ? t('password.current.needed') : null),
      password: (value) => (value === '' ? t('password.new.needed') : null),
      again: (value, values) => (value === values.password ? null : t('password.again.differs')),
    },
    fields: { currentPassword: 'currentPassword', password: 'password' },
    send: async ({ currentPassword, password }) => {
      await api.put(`${iamApi}/users/${encodeURIComponent(username)}/password`, { currentPassword, password });
      onChanged();
    },
  });
  const toggle = { visibilityToggleButtonProps: { 'aria-label': t('password.show') } };
  return (
    <GateFrame title={t('firstPassword.title')} text={t('firstPassword.text', { username })}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {error !== undefined && <FormError error={error} />}
          <PasswordInput
            label={t('password.current')}
            autoComplete="current-password"
            autoFocus
            {...toggle}
            key={form.key('currentPassword')}
            {...form.getInputProps('currentPassword')}
          />
          <PasswordInput
            label={t('password.new')}
            description={t('password.rule')}
            autoComplete="new-password"
            {...toggle}
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <PasswordInput
            label={t('password.again')}
            autoComplete="new-password"
            {...toggle}
            key={form.key('again')}
            {...form.getInputProps('again')}
          />
          <Button type="submit" variant="filled" size="sm" loading={isSending}>
            {t('firstPassword.submit')}
          </Button>
        </Stack>
      </form>
    </GateFrame>
  );
}
