import type { IncomingMessage } from 'node:http';
import { labels } from '@feature/iam/contract';
import type { User } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';
import { readBody } from '../read-body.ts';
import { longestBytes, outcome } from './dry-run.ts';

function workspaceIn(namespace: KubeObject | undefined): string {
  return namespace?.metadata.labels?.[labels.workspace] ?? '';
}

/**
 * The label that ties a namespace to its workspace decides who has rights in it. A write that would change it, in
 * whatever patch format, needs the right to take projects out of the one workspace and to make them in the other; the
 * cluster is asked by a dry run what the write would do. Answers with the body, to be sent on.
 */
export async function guardOwnership(
  deps: ResourcesDeps,
  target: KubeTarget,
  { request, user }: { request: IncomingMessage; user: User },
): Promise<Uint8Array> {
  const name = target.name ?? '';
  const body = await readBody(request, longestBytes);
  const [before, after] = [
    await deps.kube.find(kinds.namespaces, { name }),
    await outcome(deps, target, { request, body }),
  ];
  const [from, to] = [workspaceIn(before), workspaceIn(after)];
  if (!after || from === to) return body;
  const namespaces = { group: '', resource: 'namespaces' };
  if (from) deps.access.check(user, { verb: 'delete', ...namespaces, workspace: from });
  else deps.access.check(user, { verb: 'update', ...namespaces, scope: 'cluster', name });
  if (to) deps.access.check(user, { verb: 'create', ...namespaces, workspace: to });
  return body;
}
