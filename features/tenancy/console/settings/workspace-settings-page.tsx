import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, Loaded, Page, Section, FormError, toast, useCan, useServerForm, useTab } from '@kit/ui';
import { annotation, type ProjectItem, type WorkspaceItem } from '../api.ts';
import { PlaceFields, type PlaceValues } from '../place-fields.tsx';
import { useText } from '../text.ts';
import { useWorkspaceObject } from '../use-workspace-object.ts';
import { DeleteWorkspace } from './delete-workspace.tsx';
import { QuotaUsage } from './quota-usage.tsx';
import classes from '../tenancy.module.css';

/** What a workspace is called, what limits it, and its end. */
export default function WorkspaceSettingsPage() {
  const t = useText();
  const { name, path, query } = useWorkspaceObject();
  const tabs = [
    { id: 'names', label: t('settings.general') },
    { id: 'limits', label: t('quota.title') },
  ];
  const tab = useTab(tabs);
  return (
    <Page title={t('settings.title')} sentence={t('settings.sentence', { name })} tabs={tabs}>
      {tab === 'names' && (
        <Loaded query={query}>
          {(workspace) => (
            <Section title={t('settings.names')}>
              <NamesForm key={workspace.metadata.resourceVersion} item={workspace} path={path} />
            </Section>
          )}
        </Loaded>
      )}
      {tab === 'names' && <EndOfWorkspace name={name} />}
      {tab === 'limits' && <QuotaUsage workspace={name} />}
    </Page>
  );
}

function EndOfWorkspace({ name }: { name: string }) {
  const t = useText();
  const canDelete = useCan({ verb: 'delete', group: 'tenant.kubesphere.io', resource: 'workspaces', name });
  const [isDeleting, { open, close }] = useDisclosure(false);
  return (
    <Section title={t('settings.end')}>
      <div className={classes.danger}>
        <div className={classes.dangerText}>{t('settings.end.text')}</div>
        <ActionButton icon="trash" label={t('workspaces.delete')} verdict={canDelete} onClick={open} />
      </div>
      <DeleteWorkspace name={name} opened={isDeleting} onClose={close} />
    </Section>
  );
}

/** What a workspace or project is called. */
export function NamesForm({ item, path }: { item: WorkspaceItem | ProjectItem; path: string }) {
  const t = useText();
  const queries = useQueryClient();
  const { annotations = {} } = item.metadata;
  const { form, isSending, error, submit } = useServerForm<PlaceValues>({
    mode: 'uncontrolled',
    initialValues: {
      name: item.metadata.name,
      alias: annotations[annotation.alias] ?? '',
      description: annotations[annotation.description] ?? '',
    },
    send: async ({ alias, description }) => {
      const changed = { [annotation.alias]: alias || null, [annotation.description]: description || null };
      await api.patch(path, { metadata: { annotations: changed } }, { kind: 'merge' });
      await queries.invalidateQueries({ queryKey: ['object', path] });
      toast.done(t('settings.saved'));
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={480}>
        {error !== undefined && <FormError error={error} />}
        <PlaceFields form={form} withName={false} />
        <Group>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('settings.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
