import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  EmptyState,
  ErrorState,
  Facts,
  Link,
  Loading,
  Page,
  Problem,
  Section,
  Time,
  to,
  useCan,
  type ListPage,
} from '@kit/ui';
import { aliasOf, annotation, managerOf, paths, type ProjectItem } from './api.ts';
import { CreateProject } from './create-project.tsx';
import { ProjectList } from './project-list.tsx';
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
  const workspace = query.data;
  if (query.error && !workspace)
    return <Page title={name}>{<ErrorState error={query.error} onRetry={() => void query.refetch()} />}</Page>;
  const total = projects.data?.totalItems ?? 0;
  return (
    <Page
      title={(workspace && aliasOf(workspace)) ?? name}
      sentence={projects.data && t('workspace.sentence', { count: total, name })}
      actions={total > 0 && create}
    >
      {workspace?.metadata.deletionTimestamp && (
        <Problem tone="busy" title={t('workspace.deleting')} text={t('workspace.deleting.text')} />
      )}
      <div className={classes.columns}>
        <Section
          title={t('projects.title')}
          actions={
            total > shown && <Link href={to.workspace(name, 'projects')}>{t('projects.all', { count: total })}</Link>
          }
        >
          {projects.isPending && <Loading />}
          {projects.error && !projects.data && (
            <ErrorState error={projects.error} onRetry={() => void projects.refetch()} />
          )}
          {projects.data && total === 0 && (
            <EmptyState title={t('projects.empty')} text={t('projects.empty.text')} action={create} />
          )}
          {total > 0 && <ProjectList label={t('projects.title')} projects={projects.data?.items ?? []} />}
        </Section>
        <Section title={t('workspace.about')}>
          <Facts
            items={[
              { label: t('name'), value: name },
              { label: t('description'), value: workspace?.metadata.annotations?.[annotation.description] },
              { label: t('manager'), value: workspace && managerOf(workspace) },
              { label: t('created'), value: workspace && <Time at={workspace.metadata.creationTimestamp} /> },
            ]}
          />
        </Section>
      </div>
      <CreateProject workspace={name} opened={isCreating} onClose={close} />
    </Page>
  );
}
