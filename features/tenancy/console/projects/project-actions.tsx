import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionMenu, api, ConfirmDelete, toast, useCan } from '@kit/ui';
import { paths, type ProjectItem } from '../api.ts';
import { useText } from '../text.ts';
import { useGoesWith } from '../use-goes-with.ts';
import { TransferProject } from './transfer-project.tsx';

interface Preview {
  readonly objects: Readonly<Record<string, number>>;
  readonly members: readonly string[];
}

interface ProjectActionsProps {
  readonly workspace: string;
  readonly project: ProjectItem;
  /** What to do when the project is no longer here. */
  readonly onGone?: () => void;
}

/** What can be done with a project as a whole: move it to another workspace, or delete it. */
export function ProjectActions({ workspace, project, onGone }: ProjectActionsProps) {
  const t = useText();
  const { name } = project.metadata;
  const verdict = useCan({ verb: 'delete', group: '', resource: 'namespaces', namespace: name });
  const [isDeleting, deletion] = useDisclosure(false);
  const [isMoving, move] = useDisclosure(false);
  return (
    <>
      <ActionMenu
        quiet
        label={t('actionsOf', { name })}
        items={[
          { label: t('transfer'), icon: 'arrow-back-up', verdict, onClick: move.open },
          { label: t('projects.delete'), icon: 'trash', danger: true, verdict, onClick: deletion.open },
        ]}
      />
      <TransferProject workspace={workspace} project={name} opened={isMoving} onClose={move.close} />
      <DeleteProject workspace={workspace} name={name} opened={isDeleting} onClose={deletion.close} onGone={onGone} />
    </>
  );
}

interface DeleteProjectProps {
  readonly workspace: string;
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onGone: (() => void) | undefined;
}

function DeleteProject({ workspace, name, opened, onClose, onGone }: DeleteProjectProps) {
  const t = useText();
  const queries = useQueryClient();
  const goesWith = useGoesWith();
  const path = paths.projectDeletionPreview(workspace, name);
  const preview = useQuery({
    queryKey: ['goes', path],
    queryFn: ({ signal }) => api.get<Preview>(path, { signal }),
    enabled: opened,
    staleTime: 0,
  });
  const { objects = {}, members = [] } = preview.data ?? {};
  const goes = preview.error
    ? [t('goes.unknown', { reason: preview.error.message })]
    : [...goesWith(objects), ...(members.length > 0 ? [t('goes.members', { count: members.length })] : [])];
  return (
    <ConfirmDelete
      opened={opened}
      onClose={onClose}
      title={t('projects.delete.title', { name })}
      text={t('projects.delete.text')}
      goes={goes}
      typedName={name}
      confirmLabel={t('projects.delete')}
      onConfirm={async () => {
        await api.delete(paths.project(workspace, name));
        await queries.invalidateQueries({ queryKey: ['list', paths.projects(workspace)] });
        toast.done(t('projects.deleted', { name }));
        onGone?.();
      }}
    />
  );
}
