import { lazy, Suspense } from 'react';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  EmptyState,
  Link,
  Loaded,
  Page,
  Section,
  to,
  useCan,
  useSession,
  type ListPage,
  type QueryValue,
} from '@kit/ui';
import { aliasOf, managerOf, paths, workspaceOf, type ProjectItem, type WorkspaceItem } from './api.ts';
import { ProjectList } from './projects/project-list.tsx';
import { useText } from './text.ts';
import classes from './tenancy.module.css';

// The first page anybody sees: forms come when they are asked for.
const CreateWorkspace = lazy(() =>
  import('./create-workspace.tsx').then(({ CreateWorkspace: component }) => ({ default: component })),
);

const shown = 12;
const inWorkspaces = 'kubesphere.io/workspace,kubesphere.io/workspace!=system-workspace';

function useFirst<Item>(path: string, query: Readonly<Record<string, QueryValue>>) {
  return useQuery({
    queryKey: ['list', path, 'workbench'],
    queryFn: ({ signal }) =>
      api.get<ListPage<Item>>(path, { query: { sortBy: 'name', ascending: true, ...query }, signal }),
    refetchInterval: 30_000,
  });
}

/** Where a user begins: their workspaces and projects, and what is wrong in them. */
export default function WorkbenchPage() {
  const t = useText();
  const { username } = useSession();
  const canCreate = useCan({ verb: 'create', group: 'tenant.kubesphere.io', resource: 'workspaces' });
  const [isCreating, { open, close }] = useDisclosure(false);
  const workspaces = useFirst<WorkspaceItem>(paths.workspaces, { limit: shown });
  const namespaces = useFirst<ProjectItem>(paths.namespaces, { limit: shown, labelSelector: inWorkspaces });
  const isEmpty = workspaces.data?.totalItems === 0 && namespaces.data?.totalItems === 0;
  const create = canCreate.allowed && (
    <ActionButton variant="primary" icon="plus" label={t('workspaces.create')} onClick={open} />
  );
  return (
    <Page
      title={t('workbench.title')}
      sentence={t('workbench.sentence', { name: username })}
      actions={!isEmpty && create}
    >
      {isEmpty ? (
        <EmptyState
          title={t('workbench.empty')}
          text={t(canCreate.allowed ? 'workbench.empty.create' : 'workbench.empty.ask', { name: username })}
          action={create}
        />
      ) : (
        <div className={classes.columns}>
          <Section title={t('workbench.projects')}>
            <Loaded query={namespaces}>{({ items }) => <MyProjects projects={items} />}</Loaded>
          </Section>
          <Section
            title={t('workbench.workspaces')}
            actions={<Link href={to.platform('workspaces')}>{t('workbench.all')}</Link>}
          >
            <Loaded query={workspaces}>{({ items }) => <MyWorkspaces workspaces={items} />}</Loaded>
          </Section>
        </div>
      )}
      {isCreating && (
        <Suspense fallback={null}>
          <CreateWorkspace opened onClose={close} />
        </Suspense>
      )}
    </Page>
  );
}

function MyProjects({ projects }: { projects: readonly ProjectItem[] }) {
  const t = useText();
  const mine = projects.filter(workspaceOf);
  if (mine.length === 0) return <p className="fh-soft">{t('workbench.noProjects')}</p>;
  return <ProjectList label={t('workbench.projects')} projects={mine} withWorkspace />;
}

function MyWorkspaces({ workspaces }: { workspaces: readonly WorkspaceItem[] }) {
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
