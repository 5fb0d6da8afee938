import type { ClusterClient } from '../client.ts';

/** The client in the name of a controller's own service account, which the bootstrap roles give what it needs. */
export function asController(client: ClusterClient, account: string): ClusterClient {
  return client.as(`system:serviceaccount:kube-system:${account}`);
}
