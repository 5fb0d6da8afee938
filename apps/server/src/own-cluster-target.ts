/**
 * Requests that name the cluster this server is on are requests without a cluster: `/kapis/clusters/host/x`,
 * `/clusters/host/kapis/x` and `/kapis/x` are one.
 */
export function ownClusterTarget(cluster: string): (target: string) => string {
  const name = cluster.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const before = new RegExp(`^/clusters/${name}(?=/(?:api|apis|kapi|kapis)(?:[/?]|$))`);
  const behind = new RegExp(`^/(api|apis|kapi|kapis)/clusters/${name}(?=[/?]|$)`);
  return (target) => target.replace(before, '').replace(behind, '/$1');
}
