import { useState } from 'react';
import { Checkbox } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ConfirmDelete, to, toast, useGo } from '@kit/ui';
import { paths } from '../api.ts';
import { useGoesWith } from '../use-goes-with.ts';
import { useText } from '../text.ts';

interface DeletionPreview {
  readonly projects: readonly {
    readonly name: string;
    readonly aliasName?: string;
    readonly objects: Readonly<Record<string, number>>;
  }[];
  readonly members: readonly string[];
  readonly roles: readonly string[];
}

interface DeleteWorkspaceProps {
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks for the name of the workspace, after the server has said what goes with it. */
export function DeleteWorkspace({ name, opened, onClose }: DeleteWorkspaceProps) {
  const t = useText();
  const go = useGo();
  const queries = useQueryClient();
  const [keepsProjects, setKeepsProjects] = useState(false);
  const goes = useGoes(name, { opened, keepsProjects });
  return (
    <ConfirmDelete
      opened={opened}
      onClose={onClose}
      title={t('workspaces.delete.title', { name })}
      text={keepsProjects ? undefined : t('workspaces.delete.text')}
      goes={goes}
      stays={[...(keepsProjects ? [t('workspaces.delete.projectsStay')] : []), t('workspaces.delete.stays')]}
      typedName={name}
      confirmLabel={t('workspaces.delete')}
      onConfirm={async () => {
        await api.delete(paths.workspace(name), keepsProjects ? { body: { propagationPolicy: 'Orphan' } } : {});
        await queries.invalidateQueries({ queryKey: ['list', paths.workspaces] });
        toast.done(t('workspaces.deleted', { name }));
        go(to.platform('workspaces'));
      }}
    >
      <Checkbox
        label={t('workspaces.delete.keep')}
        description={t('workspaces.delete.keep.text')}
        checked={keepsProjects}
        onChange={(event) => setKeepsProjects(event.currentTarget.checked)}
      />
    </ConfirmDelete>
  );
}

interface Asked {
  readonly opened: boolean;
  readonly keepsProjects: boolean;
}

function useGoes(name: string, { opened, keepsProjects }: Asked): string[] {
  const t = useText();
  const goesWith = useGoesWith();
  const path = paths.deletionPreview(name);
  const preview = useQuery({
    queryKey: ['goes', path],
    queryFn: ({ signal }) => api.get<DeletionPreview>(path, { signal }),
    enabled: opened,
    staleTime: 0,
  });
  if (preview.error) return [t('goes.unknown', { reason: preview.error.message })];
  if (!preview.data) return [];
  const { projects, members, roles } = preview.data;
  const projectLines = projects.map((project) =>
    [t('goes.project', { name: project.name }), goesWith(project.objects).join(', ')].filter(Boolean).join(': '),
  );
  return [
    ...(keepsProjects ? [] : projectLines),
    t('goes.members', { count: members.length }),
    t('goes.roles', { count: roles.length }),
  ];
}
