import { useQuery } from '@tanstack/react-query';
import { api, useWorkspace } from '@kit/ui';
import { paths, type WorkspaceItem } from './api.ts';

/** The workspace of the current place. */
export function useWorkspaceObject() {
  const name = useWorkspace();
  const path = paths.workspace(name);
  const query = useQuery({
    queryKey: ['object', path],
    queryFn: ({ signal }) => api.get<WorkspaceItem>(path, { signal }),
  });
  return { name, path, query };
}
