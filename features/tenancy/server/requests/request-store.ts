import { randomBytes } from 'node:crypto';
import { iamTypes, labels, type RoleObject, type UserObject, type WriteGuard } from '@feature/iam/contract';
import { ApiError, timestamp } from '@kit/base';
import type { User } from '@kit/http';
import { apiVersionOf, kinds, type KubeObject } from '@kit/kube';
import { accessRequestType as type, seenAnnotation, tenancyTypes, type AccessRequest } from '../../contract/index.ts';
import { bindingFor, decisionRight, placeTypes } from '../../rules/request-binding.ts';
import type { TenancyDeps } from '../ports.ts';

export type RequestParts = Pick<TenancyDeps, 'kube' | 'views' | 'access' | 'clock'> & { readonly guard: WriteGuard };

/** What a caller asks for. */
export type Asked = Pick<AccessRequest['spec'], 'workspace' | 'namespace' | 'role' | 'reason' | 'hours'>;

const hourMs = 3_600_000;
/** How many undecided requests one user may have: a queue that somebody has to read. */
const mostPending = 20;

const notFound = (kind: string, name: string, message: string): ApiError =>
  new ApiError('NotFound', message, { details: { kind, name } });

async function requirePlace({ kube }: RequestParts, { workspace, namespace }: Asked): Promise<void> {
  if (namespace !== undefined && !(await kube.find(kinds.namespaces, { name: namespace })))
    throw notFound('namespaces', namespace, `there is no project "${namespace}"`);
  if (workspace !== undefined && !(await kube.find(tenancyTypes.workspaceTemplates, { name: workspace })))
    throw notFound('workspaces', workspace, `there is no workspace "${workspace}"`);
}

/** The role in its place; `NotFound` names what is missing. */
async function requireRole(parts: RequestParts, asked: Asked): Promise<void> {
  const { workspace, namespace, role } = asked;
  const { role: roleType } = placeTypes({
    user: '',
    userUid: '',
    role,
    ...(namespace === undefined ? {} : { namespace }),
  });
  await requirePlace(parts, asked);
  const key = namespace === undefined ? { name: role } : { namespace, name: role };
  const found = await parts.kube.find<RoleObject>(roleType, key);
  const belongs = namespace !== undefined || found?.metadata.labels?.[labels.workspace] === workspace;
  if (!found || !belongs) throw notFound(roleType.plural, role, `there is no role "${role}" to ask for there`);
}

function phaseOf({ status }: AccessRequest): string {
  return status?.phase ?? 'Pending';
}

async function refuseRepeated({ kube }: RequestParts, user: string, asked: Asked): Promise<void> {
  const { items } = await kube.list<AccessRequest>(type, { labelSelector: `${labels.userRef}=${user}` });
  const open = items.filter((request) => phaseOf(request) === 'Pending');
  const same = open.find(
    ({ spec }) => spec.role === asked.role && spec.workspace === asked.workspace && spec.namespace === asked.namespace,
  );
  if (same)
    throw new ApiError(
      'AlreadyExists',
      `you have asked for role "${asked.role}" there already; nobody has decided yet`,
      {
        details: { kind: type.plural, name: same.metadata.name },
      },
    );
  if (open.length >= mostPending)
    throw new ApiError('TooManyRequests', `${open.length} of your requests are undecided; withdraw one first`);
}

/** Makes a request in the caller's own name. */
export async function makeRequest(parts: RequestParts, user: User, asked: Asked): Promise<AccessRequest> {
  if ((asked.workspace === undefined) === (asked.namespace === undefined)) {
    const message = 'say the workspace or the project in which the role is wanted, and only one of them';
    throw new ApiError('Invalid', message, {
      details: { kind: type.kind, causes: [{ field: 'workspace', reason: 'FieldValueInvalid', message }] },
    });
  }
  const account = await parts.kube.get<UserObject>(iamTypes.users, { name: user.name });
  await requireRole(parts, asked);
  await refuseRepeated(parts, user.name, asked);
  return parts.kube.create<AccessRequest>(type, {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: { name: randomBytes(8).toString('hex'), labels: { [labels.userRef]: user.name } },
    spec: { user: user.name, userUid: account.metadata.uid ?? '', ...asked },
  });
}

export function mayDecide({ access }: Pick<RequestParts, 'access'>, user: User, request: AccessRequest): boolean {
  return request.spec.user !== user.name && access.decide(user, decisionRight(request.spec)).allowed;
}

/** One request; those that are neither the caller's nor theirs to decide are not found. */
export async function requestFor(parts: RequestParts, user: User, name: string): Promise<AccessRequest> {
  const found = await parts.kube.find<AccessRequest>(type, { name });
  if (found && (found.spec.user === user.name || mayDecide(parts, user, found))) return found;
  throw notFound(type.plural, name, `there is no request "${name}" of yours or for you to decide`);
}

function requirePending(request: AccessRequest): void {
  if (phaseOf(request) === 'Pending') return;
  const by = request.status?.decidedBy ? ` by ${request.status.decidedBy}` : '';
  throw new ApiError('Conflict', `the request is ${phaseOf(request).toLowerCase()} already${by}`, {
    details: { kind: type.plural, name: request.metadata.name },
  });
}

async function requireSameUser({ kube }: RequestParts, { metadata, spec }: AccessRequest): Promise<void> {
  const account = await kube.find<UserObject>(iamTypes.users, { name: spec.user });
  if (account?.metadata.uid === spec.userUid) return;
  throw new ApiError('Conflict', `user "${spec.user}", who asked, is not there any more`, {
    details: { kind: type.plural, name: metadata.name },
  });
}

/** The answer to a request. */
export interface Verdict {
  readonly approve: boolean;
  readonly comment?: string;
}

/**
 * Approves or denies. Nobody decides on their own request, and who approves gives: so no role that allows more than they
 * have there themselves. Two deciders at once: the second one fails. The controller makes the binding.
 */
export async function decide(
  parts: RequestParts,
  user: User,
  { name, approve, comment }: Verdict & { readonly name: string },
): Promise<AccessRequest> {
  const request = await requestFor(parts, user, name);
  parts.access.check(user, decisionRight(request.spec));
  if (request.spec.user === user.name)
    throw new ApiError('Forbidden', 'nobody decides on their own request', { details: { kind: type.plural, name } });
  requirePending(request);
  if (approve) {
    await requireSameUser(parts, request);
    const binding = bindingFor(request);
    const { group, plural: resource } = placeTypes(request.spec).binding;
    await parts.guard.check(user, { group, resource, after: binding });
  }
  const nowMs = parts.clock.now();
  const { hours } = request.spec;
  const status: AccessRequest['status'] = {
    phase: approve ? 'Approved' : 'Denied',
    decidedBy: user.name,
    decidedAt: timestamp(nowMs),
    ...(comment ? { comment } : {}),
    ...(approve && hours !== undefined ? { expiresAt: timestamp(nowMs + hours * hourMs) } : {}),
  };
  return parts.kube.update<AccessRequest>(type, { ...request, status }, { subresource: 'status' });
}

/** Takes back a request that nobody has decided; what was decided is history and stays. */
export async function withdraw(parts: RequestParts, user: User, name: string): Promise<void> {
  const request = await requestFor(parts, user, name);
  if (request.spec.user !== user.name)
    throw new ApiError('Forbidden', 'only whoever made a request takes it back; deny it instead', {
      details: { kind: type.plural, name },
    });
  requirePending(request);
  const { uid, resourceVersion } = request.metadata;
  const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
  await parts.kube.delete(type, { name }, { preconditions });
}

/** Requests the caller has made, and those in places where they make members. */
export async function visibleRequests(parts: RequestParts, user: User): Promise<AccessRequest[]> {
  const view = parts.views.of<AccessRequest>(type);
  await view.ready();
  return [...view.rows()]
    .map((row) => row.object())
    .filter((request) => request.spec.user === user.name || mayDecide(parts, user, request))
    .sort((left, right) =>
      (left.metadata.creationTimestamp ?? '') < (right.metadata.creationTimestamp ?? '') ? 1 : -1,
    );
}

/** Marks the answer to one's own request as read. */
export async function markSeen(parts: RequestParts, user: User, name: string): Promise<KubeObject> {
  const request = await requestFor(parts, user, name);
  if (request.spec.user !== user.name) throw notFound(type.plural, name, `there is no request "${name}" of yours`);
  const patch = { metadata: { annotations: { [seenAnnotation]: 'true' } } };
  return parts.kube.patch(type, { name }, patch, { type: 'merge' });
}
