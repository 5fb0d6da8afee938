import { DataTable, EmptyState, Link, StatusMark, Time, to, useList, useListState, type Column } from '@kit/ui';
import { aliasOf, annotation, homeCluster, paths, workspaceOf, type ProjectItem } from '../api.ts';
import { useText } from '../text.ts';
import { ProjectHealth } from './project-health.tsx';

const inWorkspaces = { labelSelector: 'kubesphere.io/workspace,kubesphere.io/workspace!=system-workspace' };

function useColumns(): readonly Column<ProjectItem>[] {
  const t = useText();
  return [
    { id: 'name', title: t('name'), sort: 'name', phone: 'first', render: ({ metadata }) => metadata.name },
    {
      id: 'workspace',
      title: t('projects.workspace'),
      phone: 'second',
      render: (project) => {
        const workspace = workspaceOf(project) ?? '';
        return <Link href={to.workspace(workspace, '')}>{workspace}</Link>;
      },
    },
    { id: 'alias', title: t('alias'), render: aliasOf },
    {
      id: 'health',
      title: t('projects.health'),
      width: '180px',
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
      width: '120px',
      sort: 'createTime',
      render: ({ metadata }) => <Time at={metadata.creationTimestamp} />,
    },
  ];
}

/** Every project the user may enter, of whichever workspace. */
export function AllProjects() {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<ProjectItem>({ path: paths.namespaces, control, params: inWorkspaces });
  const columns = useColumns();
  return (
    <DataTable
      label={t('projects.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.name}
      rowName={({ metadata }) => metadata.name}
      open={(project) =>
        to.project({ workspace: workspaceOf(project) ?? '', cluster: homeCluster, project: project.metadata.name }, '')
      }
      empty={<EmptyState title={t('projects.empty')} text={t('workbench.noProjects')} />}
    />
  );
}
