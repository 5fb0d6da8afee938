import { useQuery } from '@tanstack/react-query';
import { api, type ListPage } from '@kit/ui';
import type { RoleItem } from '../api.ts';
import type { RolesOf } from './roles-of.ts';
import { templateOf } from './templates.ts';

/** All templates of a level. */
export function useTemplates({ path }: RolesOf) {
  return useQuery({
    queryKey: ['list', path, 'templates'],
    queryFn: async ({ signal }) => {
      const query = { labelSelector: 'iam.kubesphere.io/role-template', sortBy: 'name', ascending: true };
      const { items } = await api.get<ListPage<RoleItem>>(path, { query, signal });
      return items.map(templateOf);
    },
    staleTime: 60_000,
  });
}
