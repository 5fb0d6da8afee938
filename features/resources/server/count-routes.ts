import { ApiError } from '@kit/base';
import { defineRoute, type Permission, type Route } from '@kit/http';
import { listQuery, listRows } from '@kit/kube/listing';
import { Type } from 'typebox';
import { hasStatus, stateCounts, type StateCounts } from '../contract/index.ts';
import { rowStatus } from './kind-filters.ts';
import { kindNamed } from './list-routes.ts';
import type { ResourcesDeps } from './ports.ts';
import { untilSynced } from './until-synced.ts';

/** Who may list a kind may have it counted. */
const mayList: Permission = {
  by: 'rbac',
  attributes: { verb: 'list', group: 'resources.kubesphere.io', name: '', subresource: '' },
};

/** How many objects of a kind are in each state, for the bar above a list; takes the list's own filters. */
export function countRoutes({ views }: ResourcesDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/kapis/resources.freehold.io/v1alpha1/namespaces/{namespace}/{resources}/counts',
      scope: 'project',
      permission: mayList,
      summary: 'Count the objects of a kind in a project by state',
      tag: 'Resources',
      params: Type.Object({ namespace: Type.String(), resources: Type.String() }),
      query: Type.Object({ name: Type.Optional(Type.String()), labelSelector: Type.Optional(Type.String()) }),
      responses: { 200: stateCounts },
      handle: async ({ params: { namespace, resources }, query }): Promise<StateCounts> => {
        const kind = kindNamed(resources, namespace);
        if (!hasStatus(resources)) {
          throw new ApiError('BadRequest', `${resources} have no states to count by`, { details: { kind: resources } });
        }
        const view = views.of(kind.type);
        await untilSynced(view);
        const { rows } = listRows(
          view.rows(namespace),
          listQuery(query),
          kind.filters ? { filters: kind.filters } : {},
        );
        const states: Record<string, number> = {};
        for (const row of rows) {
          const { state } = rowStatus(resources, row);
          states[state] = (states[state] ?? 0) + 1;
        }
        return { total: rows.length, states };
      },
    }),
  ];
}
