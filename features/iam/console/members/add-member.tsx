import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, FormError, SidePanel, toast, useCan, useServerForm } from '@kit/ui';
import { RoleSelect } from '../role-select.tsx';
import { useText } from '../text.ts';
import { UserField } from '../user-field.tsx';
import type { MembersOf } from './members-of.ts';

/** Opens the form that gives a user a role in this place. */
export function AddMemberButton({ of }: { of: MembersOf }) {
  const t = useText();
  const verdict = useCan({ verb: 'create', group: 'iam.kubesphere.io', resource: of.resource });
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="primary" icon="user-plus" label={t('members.add')} verdict={verdict} onClick={open} />
      <SidePanel opened={opened} onClose={close} title={t('members.add')}>
        {opened && <MemberForm of={of} onClose={close} />}
      </SidePanel>
    </>
  );
}

function MemberForm({ of, onClose }: { of: MembersOf; onClose: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { username: '', roleRef: '' },
    validate: {
      username: (value) => (value === '' ? t('members.user.needed') : null),
      roleRef: (value) => (value ? null : t('members.role.needed')),
    },
    fields: {
      '[0].username': 'username',
      '0.username': 'username',
      username: 'username',
      '[0].roleRef': 'roleRef',
      '0.roleRef': 'roleRef',
      roleRef: 'roleRef',
    },
    send: async (values) => {
      await api.post(of.members, [values]);
      await queries.invalidateQueries({ queryKey: ['list', of.members] });
      toast.done(t('members.added', { name: values.username }));
      onClose();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <UserField key={form.key('username')} {...form.getInputProps('username')} />
        <RoleSelect
          label={t('members.role')}
          path={of.roles}
          query={of.roleQuery}
          shortRole={of.shortRole}
          key={form.key('roleRef')}
          {...form.getInputProps('roleRef')}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('members.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
