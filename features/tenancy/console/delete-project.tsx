import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionMenu, api, ConfirmDelete, toast, useCan, type ListPage } from '@kit/ui';
import { paths, type ProjectItem } from './api.ts';
import { useGoesWith } from './use-goes-with.ts';
import { useText } from './text.ts';

const counted = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'pods',
  'services',
  'persistentvolumeclaims',
  'configmaps',
  'secrets',
] as const;

const one = { query: { limit: 1 } };

async function countObjects(project: string): Promise<Record<string, number>> {
  const totals = await Promise.all(
    counted.map(
      async (resource) =>
        [resource, (await api.get<ListPage<unknown>>(paths.objects(project, resource), one)).totalItems] as const,
    ),
  );
  return Object.fromEntries(totals.filter(([, total]) => total > 0));
}

/** The menu of a project row: deleting it, with what goes along. */
export function DeleteProject({ workspace, project }: { workspace: string; project: ProjectItem }) {
  const t = useText();
  const queries = useQueryClient();
  const goesWith = useGoesWith();
  const { name } = project.metadata;
  const verdict = useCan({ verb: 'delete', group: '', resource: 'namespaces', namespace: name });
  const [isOpen, { open, close }] = useDisclosure(false);
  const objects = useQuery({
    queryKey: ['goes', name],
    queryFn: () => countObjects(name),
    enabled: isOpen,
    staleTime: 0,
  });
  return (
    <>
      <ActionMenu
        quiet
        label={t('actionsOf', { name })}
        items={[{ label: t('projects.delete'), icon: 'trash', danger: true, verdict, onClick: open }]}
      />
      <ConfirmDelete
        opened={isOpen}
        onClose={close}
        title={t('projects.delete.title', { name })}
        text={t('projects.delete.text')}
        goes={goesWith(objects.data ?? {})}
        typedName={name}
        confirmLabel={t('projects.delete')}
        onConfirm={async () => {
          await api.delete(paths.project(workspace, name));
          await queries.invalidateQueries({ queryKey: ['list', paths.projects(workspace)] });
          toast.done(t('projects.deleted', { name }));
        }}
      />
    </>
  );
}
