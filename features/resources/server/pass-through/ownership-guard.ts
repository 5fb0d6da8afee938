import type { IncomingMessage } from 'node:http';
import { labels } from '@feature/iam/contract';
import type { User } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import { requestHeaders } from '../../rules/forwarded-headers.ts';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';
import { readBody } from '../read-body.ts';

const longestBytes = 3 * 1024 * 1024;

function workspaceIn(namespace: KubeObject | undefined): string {
  return namespace?.metadata.labels?.[labels.workspace] ?? '';
}

/** What the namespace would be after the request; `undefined` when the cluster would refuse it anyway. */
async function outcome(
  { kube }: ResourcesDeps,
  target: KubeTarget,
  { request, body }: { request: IncomingMessage; body: Uint8Array },
): Promise<KubeObject | undefined> {
  const { 'accept-encoding': _encoding, ...headers } = requestHeaders(request.headers);
  const tried = await kube.raw({
    method: request.method ?? 'PATCH',
    path: target.path,
    query: { ...Object.fromEntries(target.params), dryRun: 'All' },
    headers: { ...headers, accept: 'application/json' },
    body,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of tried.body as AsyncIterable<Uint8Array>) chunks.push(chunk); // cast: no encoding is set on it
  return tried.status < 300 ? (JSON.parse(Buffer.concat(chunks).toString()) as KubeObject) : undefined; // cast: the answer to a write of a namespace is the namespace
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
