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
  useWorkspace,
  type Column,
} from '@kit/ui';
import { aliasOf, annotation, homeCluster, paths, type ProjectItem } from '../api.ts';
import { CreateProject } from './create-project.tsx';
import { ProjectActions } from './project-actions.tsx';
import { ProjectHealth } from './project-health.tsx';
import { useText } from '../text.ts';

function useColumns(workspace: string): readonly Column<ProjectItem>[] {
  const t = useText();
  return [
    { id: 'name', title: t('name'), sort: 'name', phone: 'first', render: ({ metadata }) => metadata.name },
    { id: 'alias', title: t('alias'), phone: 'second', render: aliasOf },
    {
      id: 'health',
      title: t('projects.health'),
      width: '200px',
      phone: 'end',
      render: ({ metadata }) =>
        metadata.deletionTimestamp ? (
          <StatusMark tone="busy">{t('state.deleting')}</StatusMark>
        ) : (
          <ProjectHealth project={metadata.name} />
        ),
    },
    {
      id: 'creator',
      title: t('projects.creator'),
      width: '140px',
      render: ({ metadata }) => metadata.annotations?.[annotation.creator],
    },
    {
      id: 'created',
      title: t('created'),
      width: '130px',
      sort: 'createTime',
      render: ({ metadata }) => <Time at={metadata.creationTimestamp} />,
    },
    {
      id: 'actions',
      title: t('actions'),
      width: '80px',
      align: 'end',
      render: (project) => <ProjectActions workspace={workspace} project={project} />,
    },
  ];
}

/** The projects of a workspace that the user may enter. */
export default function ProjectsPage() {
  const t = useText();
  const workspace = useWorkspace();
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<ProjectItem>({ path: paths.projects(workspace), control });
  const columns = useColumns(workspace);
  const canCreate = useCan({ verb: 'create', group: '', resource: 'namespaces' });
  const [isCreating, { open, close }] = useDisclosure(false);
  const create = (
    <ActionButton variant="primary" icon="plus" label={t('projects.create')} verdict={canCreate} onClick={open} />
  );
  return (
    <Page
      title={t('projects.title')}
      sentence={t('projects.sentence', { workspace })}
      actions={!list.isEmpty && create}
    >
      <DataTable
        label={t('projects.title')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ metadata }) => metadata.name}
        rowName={({ metadata }) => metadata.name}
        open={({ metadata }) => to.project({ workspace, cluster: homeCluster, project: metadata.name }, '')}
        empty={<EmptyState title={t('projects.empty')} text={t('projects.empty.text')} action={create} />}
      />
      <CreateProject workspace={workspace} opened={isCreating} onClose={close} />
    </Page>
  );
}
