import { useDisclosure } from '@mantine/hooks';
import {
  ActionButton,
  DataTable,
  EmptyState,
  Page,
  StatusMark,
  Time,
  to,
  useCan,
  useList,
  useListState,
  useSession,
  useTab,
  type Column,
} from '@kit/ui';
import { aliasOf, annotation, managerOf, paths, type WorkspaceItem } from './api.ts';
import { CreateWorkspace } from './create-workspace.tsx';
import { AllProjects } from './projects/all-projects.tsx';
import { useText } from './text.ts';

function useColumns(): readonly Column<WorkspaceItem>[] {
  const t = useText();
  return [
    {
      id: 'name',
      title: t('name'),
      sort: 'name',
      width: '26%',
      phone: 'first',
      render: ({ metadata }) => metadata.name,
    },
    { id: 'alias', title: t('alias'), phone: 'second', render: aliasOf },
    {
      id: 'description',
      title: t('description'),
      render: ({ metadata }) => metadata.annotations?.[annotation.description],
    },
    { id: 'manager', title: t('manager'), width: '160px', phone: 'end', render: managerOf },
    {
      id: 'state',
      title: t('state'),
      width: '130px',
      render: ({ metadata }) =>
        metadata.deletionTimestamp ? (
          <StatusMark tone="busy">{t('state.deleting')}</StatusMark>
        ) : (
          <StatusMark tone="good">{t('state.active')}</StatusMark>
        ),
    },
    {
      id: 'created',
      title: t('created'),
      width: '130px',
      sort: 'createTime',
      render: ({ metadata }) => <Time at={metadata.creationTimestamp} />,
    },
  ];
}

/** Every workspace the user may enter, and every project. */
export default function WorkspacesPage() {
  const t = useText();
  const tabs = [
    { id: 'workspaces', label: t('workspaces.title') },
    { id: 'projects', label: t('projects.title') },
  ];
  const isProjects = useTab(tabs) === 'projects';
  return (
    <Page
      title={t('workspaces.title')}
      sentence={t(isProjects ? 'projects.sentence.all' : 'workspaces.sentence')}
      actions={!isProjects && <CreateWorkspaceButton />}
      tabs={tabs}
    >
      {isProjects ? <AllProjects /> : <WorkspacesTable />}
    </Page>
  );
}

function CreateWorkspaceButton() {
  const t = useText();
  const verdict = useCan({ verb: 'create', group: 'tenant.kubesphere.io', resource: 'workspaces' });
  const [isCreating, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="primary" icon="plus" label={t('workspaces.create')} verdict={verdict} onClick={open} />
      <CreateWorkspace opened={isCreating} onClose={close} />
    </>
  );
}

function WorkspacesTable() {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<WorkspaceItem>({ path: paths.workspaces, control });
  const columns = useColumns();
  const { username } = useSession();
  const { allowed } = useCan({ verb: 'create', group: 'tenant.kubesphere.io', resource: 'workspaces' });
  return (
    <DataTable
      label={t('workspaces.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.name}
      rowName={({ metadata }) => metadata.name}
      open={({ metadata }) => to.workspace(metadata.name, '')}
      empty={
        <EmptyState
          title={t('workspaces.empty')}
          text={allowed ? t('workspaces.empty.text') : t('workbench.empty.ask', { name: username })}
        />
      }
    />
  );
}
