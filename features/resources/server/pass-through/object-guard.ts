import type { IncomingMessage } from 'node:http';
import type { User } from '@kit/http';
import type { ResourceType } from '@kit/kube';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';
import { readBody } from '../read-body.ts';
import { longestBytes, outcome } from './dry-run.ts';
import { pinned } from './pinned-body.ts';

const writes = new Set(['POST', 'PUT', 'PATCH']);

/** Whether a request writes an object that the platform looks at first: who may do what rests on it. */
export function isGuarded({ guard }: ResourcesDeps, target: KubeTarget, method: string | undefined): boolean {
  const { group, resource = '', subresource } = target;
  return !subresource && writes.has(method ?? '') && guard.concerns(group, resource);
}

/**
 * Looks at a write of people, roles or bindings, in whatever format it is, as the cluster says by a dry run it would
 * come out: the cluster is asked with the platform's own credential, which could give everything. Answers with the body,
 * to be sent on.
 */
export async function guardObject(
  deps: ResourcesDeps,
  target: KubeTarget,
  { request, user }: { request: IncomingMessage; user: User },
): Promise<Uint8Array> {
  const { group, resource = '', name, namespace } = target;
  const type: ResourceType = {
    group,
    version: target.version,
    plural: resource,
    kind: '',
    namespaced: namespace !== undefined,
  };
  const before =
    name === undefined ? undefined : await deps.kube.find(type, namespace ? { namespace, name } : { name });
  const body = pinned(await readBody(request, longestBytes), request, before);
  const after = await outcome(deps, target, { request, body });
  await deps.guard.check(user, { group, resource, after, ...(before ? { before } : {}) });
  return body;
}
