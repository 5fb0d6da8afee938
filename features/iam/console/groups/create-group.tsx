import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, FormError, SidePanel, toast, useCan, useSearch, useServerForm } from '@kit/ui';
import { annotation } from '../api.ts';
import { useText } from '../text.ts';
import { groupLabel, groupPaths, groupTitle, useGroups } from './groups-api.ts';

/** Opens the form for a new group. */
export function CreateGroupButton({ workspace }: { workspace: string }) {
  const t = useText();
  const verdict = useCan({ verb: 'create', group: 'iam.kubesphere.io', resource: 'groups' });
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="primary" icon="plus" label={t('groups.create')} verdict={verdict} onClick={open} />
      <SidePanel opened={opened} onClose={close} title={t('groups.create')}>
        {opened && <GroupForm workspace={workspace} onClose={close} />}
      </SidePanel>
    </>
  );
}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function GroupForm({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const [search, setSearch] = useSearch();
  const { groups: path } = groupPaths(workspace);
  const groups = useGroups(workspace).data ?? [];
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { name: '', alias: '', parent: search['group'] ?? '' },
    validate: {
      name: (value) => (label.test(value) ? null : t(value === '' ? 'groups.name.needed' : 'roles.name.rule')),
    },
    fields: { 'metadata.name': 'name' },
    send: async ({ name, alias, parent }) => {
      const metadata = {
        name: `${workspace}-${name}`,
        labels: parent ? { [groupLabel.parent]: parent } : {},
        annotations: alias ? { [annotation.alias]: alias } : {},
      };
      await api.post(path, { metadata });
      await queries.invalidateQueries({ queryKey: ['list', path] });
      toast.done(t('groups.created', { name: alias || name }));
      setSearch({ group: metadata.name });
      onClose();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <div className="fh-soft">{t('groups.create.text')}</div>
        <TextInput
          label={t('groups.name')}
          description={t('user.name.rule')}
          autoComplete="off"
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('user.displayName')}
          autoComplete="off"
          key={form.key('alias')}
          {...form.getInputProps('alias')}
        />
        <Select
          label={t('groups.parent')}
          data={[
            { value: '', label: t('groups.parent.none') },
            ...groups.map((group) => ({ value: group.metadata.name, label: groupTitle(group, workspace) })),
          ]}
          key={form.key('parent')}
          {...form.getInputProps('parent')}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('groups.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
