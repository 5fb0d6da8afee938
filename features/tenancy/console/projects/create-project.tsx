import { useQueryClient } from '@tanstack/react-query';
import { api, to, useGo } from '@kit/ui';
import { described, homeCluster, paths } from '../api.ts';
import { CreatePlace } from '../create-place.tsx';
import { useText } from '../text.ts';

interface CreateProjectProps {
  readonly workspace: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Creates a project in a workspace, and goes there. */
export function CreateProject({ workspace, opened, onClose }: CreateProjectProps) {
  const t = useText();
  const go = useGo();
  const queries = useQueryClient();
  return (
    <CreatePlace
      opened={opened}
      onClose={onClose}
      label={t('projects.create')}
      text={t('projects.create.text', { workspace })}
      create={async ({ name, alias, description }) => {
        await api.post(paths.projects(workspace), {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name, annotations: described(alias, description) },
        });
        await queries.invalidateQueries({ queryKey: ['list', paths.projects(workspace)] });
        onClose();
        go(to.project({ workspace, cluster: homeCluster, project: name }, ''));
      }}
    />
  );
}
