import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, FormError, SidePanel, toast, useServerForm } from '@kit/ui';
import { iamApi, withGlobalRole } from '../api.ts';
import { RoleSelect } from '../role-select.tsx';
import { platformRoles } from '../roles/roles-of.ts';
import { useText } from '../text.ts';

/** The form for a new user; they are asked for a password of their own at the first sign-in. */
export function CreateUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useText();
  return (
    <SidePanel opened={opened} onClose={onClose} title={t('users.create')}>
      {opened && <UserForm onClose={onClose} />}
    </SidePanel>
  );
}

function UserForm({ onClose }: { onClose: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', password: '', role: 'platform-regular' },
    validate: {
      name: (value) => (value === '' ? t('user.name.needed') : null),
      email: (value) => (/^\S+@\S+$/.test(value) ? null : t('user.email.needed')),
      password: (value) => (value === '' ? t('password.new.needed') : null),
    },
    fields: { 'metadata.name': 'name', 'spec.email': 'email', 'spec.password': 'password' },
    send: async ({ name, email, password, role }) => {
      await api.post(`${iamApi}/users`, {
        apiVersion: 'iam.kubesphere.io/v1alpha2',
        kind: 'User',
        metadata: { name, annotations: withGlobalRole(role) },
        spec: { email, password },
      });
      await queries.invalidateQueries({ queryKey: ['list', `${iamApi}/users`] });
      toast.done(t('users.created', { name }));
      onClose();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('user.name')}
          description={t('user.name.rule')}
          autoComplete="off"
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('user.email')}
          type="email"
          autoComplete="off"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t('password.initial')}
          description={t('password.rule')}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <RoleSelect
          label={t('user.role')}
          path={platformRoles.path}
          query={platformRoles.query}
          key={form.key('role')}
          {...form.getInputProps('role')}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('users.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
