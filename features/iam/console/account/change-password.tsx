import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { api, FormError, toast, useServerForm, useSession } from '@kit/ui';
import { iamApi } from '../api.ts';
import { useText } from '../text.ts';

/** A new password for oneself; every other session ends. */
export function ChangePassword() {
  const t = useText();
  const { username } = useSession();
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
      form.reset();
      toast.done(t('account.password.changed'));
    },
  });
  const toggle = { visibilityToggleButtonProps: { 'aria-label': t('password.show') } };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={480}>
        {error !== undefined && <FormError error={error} />}
        <PasswordInput
          label={t('password.current')}
          autoComplete="current-password"
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
        <Group>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('firstPassword.submit')}
          </Button>
          <span className="fh-soft">{t('account.password.text')}</span>
        </Group>
      </Stack>
    </form>
  );
}
