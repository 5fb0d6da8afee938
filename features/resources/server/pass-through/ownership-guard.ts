import type { IncomingMessage } from 'node:http';
import { labels } from '@feature/iam/contract';
import type { User } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';
import { readBody } from '../read-body.ts';
import { longestBytes, outcome } from './dry-run.ts';
import { pinned } from './pinned-body.ts';

const writes = new Set(['POST', 'PUT', 'PATCH']);

/** Whether a request writes a namespace. Its labels can be written by its `status` and `finalize` too. */
export function isOwnership({ group, resource }: KubeTarget, method: string | undefined): boolean {
  return group === '' && resource === 'namespaces' && writes.has(method ?? '');
}

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
  const { name } = target;
  const before = name === undefined ? undefined : await deps.kube.find(kinds.namespaces, { name });
  const body = pinned(await readBody(request, longestBytes), request, before);
  const after = await outcome(deps, target, { request, body });
  const [from, to] = [workspaceIn(before), workspaceIn(after)];
  if (from === to) return body;
  const namespaces = { group: '', resource: 'namespaces' };
  if (from) deps.access.check(user, { verb: 'delete', ...namespaces, workspace: from });
  else if (name) deps.access.check(user, { verb: 'update', ...namespaces, scope: 'cluster', name });
  if (to) deps.access.check(user, { verb: 'create', ...namespaces, workspace: to });
  return body;
}
