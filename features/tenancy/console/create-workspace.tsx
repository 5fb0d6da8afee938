import { useQueryClient } from '@tanstack/react-query';
import { api, to, useGo, useSession } from '@kit/ui';
import { described, paths } from './api.ts';
import { CreatePlace } from './create-place.tsx';
import { useText } from './text.ts';

/** Creates a workspace managed by the user, and goes there. */
export function CreateWorkspace({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useText();
  const go = useGo();
  const queries = useQueryClient();
  const { username } = useSession();
  return (
    <CreatePlace
      opened={opened}
      onClose={onClose}
      label={t('workspaces.create')}
      text={t('workspaces.create.text', { name: username })}
      create={async ({ name, alias, description }) => {
        await api.post(paths.workspaces, {
          apiVersion: 'tenant.kubesphere.io/v1alpha2',
          kind: 'WorkspaceTemplate',
          metadata: { name, annotations: described(alias, description) },
          spec: { placement: {}, template: { spec: { manager: username } } },
        });
        await queries.invalidateQueries({ queryKey: ['list', paths.workspaces] });
        onClose();
        go(to.workspace(name, ''));
      }}
    />
  );
}
