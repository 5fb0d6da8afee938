import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, FormError, toast, useServerForm, useSession } from '@kit/ui';
import { globalRoleOf, iamApi, withGlobalRole, type UserItem } from '../api.ts';
import { RoleSelect } from '../role-select.tsx';
import { platformRoles } from '../roles/roles-of.ts';
import { useText } from '../text.ts';

/** Changes what a user is called, how they are reached, and their role on the platform. */
export function EditUser({ user, path }: { user: UserItem; path: string }) {
  const t = useText();
  const queries = useQueryClient();
  const { username } = useSession();
  const isSelf = username === user.metadata.name;
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: {
      displayName: user.spec.displayName ?? '',
      email: user.spec.email,
      description: user.spec.description ?? '',
      role: globalRoleOf(user),
    },
    validate: { email: (value) => (/^\S+@\S+$/.test(value) ? null : t('user.email.needed')) },
    fields: { 'spec.email': 'email', 'spec.displayName': 'displayName', 'spec.description': 'description' },
    send: async ({ displayName, email, description, role }) => {
      const metadata = {
        ...user.metadata,
        annotations: { ...user.metadata.annotations, ...(role && !isSelf ? withGlobalRole(role) : {}) },
      };
      const named = { displayName: displayName || undefined, description: description || undefined };
      await api.put(path, { ...user, metadata, spec: { ...user.spec, email, ...named } });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['object', path] }),
        queries.invalidateQueries({ queryKey: ['list', `${iamApi}/users`] }),
      ]);
      toast.done(t('account.saved'));
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={480}>
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('user.displayName')}
          autoComplete="off"
          key={form.key('displayName')}
          {...form.getInputProps('displayName')}
        />
        <TextInput
          label={t('user.email')}
          type="email"
          autoComplete="off"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Textarea
          label={t('user.description')}
          autosize
          minRows={1}
          maxRows={4}
          key={form.key('description')}
          {...form.getInputProps('description')}
        />
        {!isSelf && (
          <RoleSelect
            label={t('user.role')}
            path={platformRoles.path}
            query={platformRoles.query}
            key={form.key('role')}
            {...form.getInputProps('role')}
          />
        )}
        <Group>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
