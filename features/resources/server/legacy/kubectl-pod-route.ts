import { ApiError } from '@kit/base';
import { defineRoute, type Route } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import { Type } from 'typebox';
import { podStatus } from '../../contract/index.ts';
import { isOwnedBy } from '../../rules/revisions.ts';
import type { ResourcesParts } from '../parts.ts';
import { untilSynced } from '../until-synced.ts';

const namespace = 'kubesphere-controls-system';

interface Pod extends KubeObject {
  spec?: { containers?: readonly { readonly name: string }[] };
}

/** A pod of the deployment that runs a user's shell, one that runs before others. */
async function shellPod(
  { views }: ResourcesParts,
  user: string,
): Promise<{ namespace: string; pod: string; container: string }> {
  const [deployments, sets, pods] = [
    views.of(kinds.deployments),
    views.of(kinds.replicasets),
    views.of<Pod>(kinds.pods),
  ];
  await untilSynced(deployments, sets, pods);
  const deployment = deployments.get(namespace, `kubectl-${user}`)?.object();
  const owners = deployment
    ? [...sets.rows(namespace)].map((row) => row.object()).filter((set) => isOwnedBy(set, deployment))
    : [];
  const own = [...pods.rows(namespace)]
    .map((row) => row.object())
    .filter((pod) => owners.some((set) => isOwnedBy(pod, set)));
  const pod = own.find((one) => podStatus(one).state === 'running') ?? own[0];
  const container = pod?.spec?.containers?.[0]?.name;
  if (pod && container) return { namespace, pod: pod.metadata.name, container };
  throw new ApiError('NotFound', `user "${user}" has no shell running`, {
    details: { kind: 'deployments', group: 'apps', name: `kubectl-${user}` },
  });
}

/** Where a user's shell runs (resources.kubesphere.io v1alpha2). */
export function kubectlPodRoute(parts: ResourcesParts): Route {
  return defineRoute({
    method: 'GET',
    path: '/kapis/resources.kubesphere.io/v1alpha2/users/{user}/kubectl',
    scope: 'cluster',
    permission: { by: 'rbac' },
    summary: 'Say in which pod and container the kubectl of a user runs',
    tag: 'Users',
    params: Type.Object({ user: Type.String() }),
    responses: { 200: Type.Object({ namespace: Type.String(), pod: Type.String(), container: Type.String() }) },
    handle: ({ params: { user } }) => shellPod(parts, user),
  });
}
