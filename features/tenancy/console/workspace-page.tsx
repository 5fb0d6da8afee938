import type { ReactNode } from 'react';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  EmptyState,
  Facts,
  Link,
  Loaded,
  Page,
  Problem,
  Section,
  Time,
  to,
  useCan,
  type ListPage,
} from '@kit/ui';
import { aliasOf, annotation, managerOf, paths, type ProjectItem, type WorkspaceItem } from './api.ts';
import { CreateProject } from './projects/create-project.tsx';
import { ProjectList } from './projects/project-list.tsx';
import { useText } from './text.ts';
import { useWorkspaceObject } from './use-workspace-object.ts';
import classes from './tenancy.module.css';

const shown = 12;

/** What a workspace is, and how its projects are doing. */
export default function WorkspacePage() {
  const t = useText();
  const { name, query } = useWorkspaceObject();
  const path = paths.projects(name);
  const projects = useQuery({
    queryKey: ['list', path, 'overview'],
    queryFn: ({ signal }) =>
      api.get<ListPage<ProjectItem>>(path, { query: { limit: shown, sortBy: 'name', ascending: true }, signal }),
    refetchInterval: 15_000,
  });
  const canCreate = useCan({ verb: 'create', group: '', resource: 'namespaces' });
  const [isCreating, { open, close }] = useDisclosure(false);
  const create = (
    <ActionButton variant="primary" icon="plus" label={t('projects.create')} verdict={canCreate} onClick={open} />
  );
  const total = projects.data?.totalItems ?? 0;
  return (
    <Page
      title={(query.data && aliasOf(query.data)) ?? name}
      sentence={query.data && total > 0 && t('workspace.sentence', { count: total, name })}
      actions={total > 0 && create}
    >
      <Loaded query={query}>
        {(workspace) => (
          <>
            {workspace.metadata.deletionTimestamp && (
              <Problem tone="busy" title={t('workspace.deleting')} text={t('workspace.deleting.text')} />
            )}
            <div className={classes.columns}>
              <Section title={t('projects.title')} actions={<AllProjects workspace={name} total={total} />}>
                <Loaded query={projects}>{({ items }) => <ProjectsHere projects={items} create={create} />}</Loaded>
              </Section>
              <Section title={t('workspace.about')}>
                <About workspace={workspace} />
              </Section>
            </div>
          </>
        )}
      </Loaded>
      <CreateProject workspace={name} opened={isCreating} onClose={close} />
    </Page>
  );
}

function AllProjects({ workspace, total }: { workspace: string; total: number }) {
  const t = useText();
  if (total <= shown) return null;
  return <Link href={to.workspace(workspace, 'projects')}>{t('projects.all', { count: total })}</Link>;
}

function ProjectsHere({ projects, create }: { projects: readonly ProjectItem[]; create: ReactNode }) {
  const t = useText();
  if (projects.length > 0) return <ProjectList label={t('projects.title')} projects={projects} />;
  return <EmptyState title={t('projects.empty')} text={t('projects.empty.text')} action={create} />;
}

function About({ workspace }: { workspace: WorkspaceItem }) {
  const t = useText();
  const { name, annotations, creationTimestamp } = workspace.metadata;
  return (
    <Facts
      items={[
        { label: t('name'), value: name },
        { label: t('description'), value: annotations?.[annotation.description] },
        { label: t('manager'), value: managerOf(workspace) },
        { label: t('created'), value: <Time at={creationTimestamp} /> },
      ]}
    />
  );
}
