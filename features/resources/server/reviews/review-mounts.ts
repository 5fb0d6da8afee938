import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '@kit/base';
import type { Mount, Permission, RawContext } from '@kit/http';
import type { KubeClient } from '@kit/kube';
import { requestHeaders } from '../../rules/forwarded-headers.ts';
import { kubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';
import { readBody } from '../read-body.ts';
import { answerReview, isReview } from './answer-review.ts';

const longestBytes = 64 * 1024;

const aboutSelf: Permission = { by: 'signedIn', why: 'answers only about the caller themselves' };
const aboutOthers: Permission = { by: 'rbac' };

const prefixes: readonly { path: string; permission: Permission; summary: string }[] = [
  {
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    permission: aboutSelf,
    summary: 'Say what the caller may do',
  },
  {
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    permission: aboutSelf,
    summary: 'List what the caller may do in a namespace',
  },
  {
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    permission: aboutSelf,
    summary: 'Say who the caller is',
  },
  {
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    permission: aboutOthers,
    summary: 'Say what a user may do',
  },
];

interface Reviewed {
  readonly spec?: unknown;
}

/** What a review asks. A body in another format than JSON (kubectl sends protobuf) is read by the cluster for us. */
async function specIn(kube: KubeClient, request: IncomingMessage, path: string): Promise<unknown> {
  const body = await readBody(request, longestBytes);
  try {
    const isJson = /^application\/json\b/.test(request.headers['content-type'] ?? 'application/json');
    if (isJson) return (JSON.parse(body.toString()) as Reviewed).spec; // cast: only `spec` is read, and checked by who answers
  } catch (cause) {
    throw new ApiError('BadRequest', 'the body is not JSON', { cause });
  }
  const headers = { ...requestHeaders(request.headers), accept: 'application/json', 'accept-encoding': 'identity' };
  return (await kube.json<Reviewed>({ method: 'POST', path, headers, body })).spec;
}

/** A request for a review, and who makes it. */
interface Reviewing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: Pick<RawContext, 'user'>;
}

/** Answers one review, posted to its collection. */
export async function review(deps: ResourcesDeps, { request, response, context: { user } }: Reviewing): Promise<void> {
  const { path, resource, namespace, name } = kubeTarget(request.url ?? '/');
  if (request.method !== 'POST' || name !== undefined || !isReview(resource)) {
    throw new ApiError('MethodNotAllowed', 'reviews are asked for with POST to their collection');
  }
  const spec = await specIn(deps.kube, request, path);
  const answer = await answerReview(deps, {
    plural: resource,
    user,
    spec,
    ...(namespace === undefined ? {} : { namespace }),
  });
  response.writeHead(201, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

/**
 * Kubernetes' reviews, answered from the platform's roles: the cluster sees one credential, that of the platform, and
 * would say that everybody may do everything.
 */
export function reviewMounts(deps: ResourcesDeps): Mount[] {
  return prefixes.map(({ path, permission, summary }) => ({
    prefix: path,
    scope: 'none',
    permission,
    summary,
    handle: (request, response, context) => review(deps, { request, response, context }),
  }));
}
