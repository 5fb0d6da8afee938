import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  EmptyState,
  ErrorState,
  Link,
  Loading,
  Page,
  Section,
  to,
  useCan,
  useSession,
  type ListPage,
} from '@kit/ui';
import { aliasOf, managerOf, paths, workspaceOf, type ProjectItem, type WorkspaceItem } from './api.ts';
import { CreateWorkspace } from './create-workspace.tsx';
import { ProjectList } from './project-list.tsx';
import { useText } from './text.ts';
import classes from './tenancy.module.css';

const shown = 12;

/** Where a user begins: their workspaces and projects, and what is wrong in them. */
export default function WorkbenchPage() {
  const t = useText();
  const { username } = useSession();
  const canCreate = useCan({ verb: 'create', group: 'tenant.kubesphere.io', resource: 'workspaces' });
  const [isCreating, { open, close }] = useDisclosure(false);
  const query = { limit: shown, sortBy: 'name', ascending: true };
  const workspaces = useQuery({
    queryKey: ['list', paths.workspaces, 'workbench'],
    queryFn: ({ signal }) => api.get<ListPage<WorkspaceItem>>(paths.workspaces, { query, signal }),
  });
  const namespaces = useQuery({
    queryKey: ['list', paths.namespaces, 'workbench'],
    queryFn: ({ signal }) =>
      api.get<ListPage<ProjectItem>>(paths.namespaces, {
        query: {
          ...query,
          limit: 100,
          labelSelector: 'kubesphere.io/workspace,kubesphere.io/workspace!=system-workspace',
        },
        signal,
      }),
  });
  const projects = (namespaces.data?.items ?? []).filter(workspaceOf).slice(0, shown);
  const create = (
    <ActionButton variant="primary" icon="plus" label={t('workspaces.create')} verdict={canCreate} onClick={open} />
  );
  const isEmpty = workspaces.data?.totalItems === 0 && namespaces.isSuccess && projects.length === 0;
  return (
    <Page
      title={t('workbench.title')}
      sentence={t('workbench.sentence', { name: username })}
      actions={canCreate.allowed && !isEmpty && create}
    >
      {isEmpty ? (
        <EmptyState
          title={t('workbench.empty')}
          text={canCreate.allowed ? t('workbench.empty.create') : t('workbench.empty.ask', { name: username })}
          action={canCreate.allowed ? create : undefined}
        />
      ) : (
        <div className={classes.columns}>
          <Section title={t('workbench.projects')}>
            {namespaces.isPending && <Loading />}
            {namespaces.error && <ErrorState error={namespaces.error} onRetry={() => void namespaces.refetch()} />}
            {namespaces.isSuccess && projects.length === 0 && <p className="fh-soft">{t('workbench.noProjects')}</p>}
            {projects.length > 0 && <ProjectList label={t('workbench.projects')} projects={projects} withWorkspace />}
          </Section>
          <Section
            title={t('workbench.workspaces')}
            actions={<Link href={to.platform('workspaces')}>{t('workbench.all')}</Link>}
          >
            {workspaces.isPending && <Loading />}
            {workspaces.error && <ErrorState error={workspaces.error} onRetry={() => void workspaces.refetch()} />}
            {workspaces.data && <WorkspaceLines workspaces={workspaces.data.items} />}
          </Section>
        </div>
      )}
      <CreateWorkspace opened={isCreating} onClose={close} />
    </Page>
  );
}

function WorkspaceLines({ workspaces }: { workspaces: readonly WorkspaceItem[] }) {
  const t = useText();
  return (
    <ul className={classes.list} aria-label={t('workbench.workspaces')}>
      {workspaces.map((workspace) => (
        <li key={workspace.metadata.name} className={classes.line}>
          <Link href={to.workspace(workspace.metadata.name, '')} className={`fh-link ${classes.lineName}`}>
            {workspace.metadata.name}
          </Link>
          <span className={`fh-soft ${classes.lineDetail}`}>{aliasOf(workspace)}</span>
          <span className="fh-soft">{managerOf(workspace)}</span>
        </li>
      ))}
    </ul>
  );
}
