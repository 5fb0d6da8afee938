import { ApiError } from '@kit/base';
import { defineRoute, JsonBytes, type Permission, type Route } from '@kit/http';
import { kinds, type KubeObject, type Row, type Views } from '@kit/kube';
import { Type } from 'typebox';
import { revisionList } from '../contract/index.ts';
import { isOwnedBy, revisionOf, revisionsOf } from '../rules/revisions.ts';
import type { ResourcesDeps } from './ports.ts';
import { untilSynced } from './until-synced.ts';

const tag = 'Revisions';
const params = { namespace: Type.String(), deployment: Type.String() };
/** Who may read the replica sets of a project may read the history they make up. */
const readsReplicaSets: Permission = {
  by: 'rbac',
  attributes: { verb: 'list', group: 'apps', resource: 'replicasets', name: '', subresource: '' },
};

async function historyOf(
  views: Views,
  namespace: string,
  name: string,
): Promise<{ deployment: KubeObject; replicaSets: Row[] }> {
  const [deployments, sets] = [views.of(kinds.deployments), views.of(kinds.replicasets)];
  await untilSynced(deployments, sets);
  const deployment = deployments.get(namespace, name)?.object();
  if (!deployment) {
    const details = { kind: 'deployments', group: 'apps', name };
    throw new ApiError('NotFound', `deployments.apps "${name}" not found`, { details });
  }
  return { deployment, replicaSets: [...sets.rows(namespace)].filter((row) => isOwnedBy(row.object(), deployment)) };
}

/** The history of deployments: one revision as KubeSphere 3.4 answers it, and the whole list. */
export function revisionRoutes({ views }: ResourcesDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/kapis/resources.kubesphere.io/v1alpha2/namespaces/{namespace}/deployments/{deployment}/revisions/{revision}',
      scope: 'project',
      permission: readsReplicaSets,
      summary: 'Read the replica set of one revision of a deployment',
      tag,
      params: Type.Object({ ...params, revision: Type.Integer() }),
      responses: { 200: Type.Object({ metadata: Type.Object({ name: Type.String() }) }) },
      handle: async ({ params: { namespace, deployment, revision } }) => {
        const { replicaSets } = await historyOf(views, namespace, deployment);
        const found = replicaSets.find((row) => revisionOf(row.object()) === revision);
        if (found) return new JsonBytes(found.json);
        const details = { kind: 'revisions', name: String(revision) };
        throw new ApiError('NotFound', `deployment "${deployment}" has no revision ${revision}`, { details });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/kapis/resources.freehold.io/v1alpha1/namespaces/{namespace}/deployments/{deployment}/revisions',
      scope: 'project',
      permission: readsReplicaSets,
      summary: 'List the revisions of a deployment, newest first',
      tag,
      params: Type.Object(params),
      responses: { 200: revisionList },
      handle: async ({ params: { namespace, deployment: name } }) => {
        const { deployment, replicaSets } = await historyOf(views, namespace, name);
        const items = revisionsOf(
          deployment,
          replicaSets.map((row) => row.object()),
        );
        return { items, totalItems: items.length };
      },
    }),
  ];
}
