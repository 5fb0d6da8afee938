import { authenticatedGroup, type Access } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import { defineRoute, type Permission, type Route, type User } from '@kit/http';
import type { KubeClient } from '@kit/kube';
import { Type, type Static } from 'typebox';
import type { ResourcesDeps } from './ports.ts';

const text = Type.Optional(Type.String());
const review = Type.Object({
  apiVersion: text,
  kind: text,
  spec: Type.Object({
    user: text,
    groups: Type.Optional(Type.Array(Type.String())),
    resourceAttributes: Type.Optional(
      Type.Object({
        namespace: text,
        verb: text,
        group: text,
        version: text,
        resource: text,
        subresource: text,
        name: text,
      }),
    ),
    nonResourceAttributes: Type.Optional(Type.Object({ path: text, verb: text })),
  }),
});
type Review = Static<typeof review>;
const rulesReview = Type.Object({ apiVersion: text, kind: text, spec: Type.Object({ namespace: text }) });
const answered = Type.Object({ kind: Type.String(), status: Type.Record(Type.String(), Type.Unknown()) });

const authorization = '/apis/authorization.k8s.io/v1';
const aboutSelf: Permission = { by: 'signedIn', why: 'answers only about the caller themselves' };
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

function statusFor(access: Access, user: User, { spec }: Review): { allowed: boolean; reason: string } {
  const asked = spec.resourceAttributes;
  if (!asked && !spec.nonResourceAttributes) {
    throw new ApiError('Invalid', 'spec needs resourceAttributes or nonResourceAttributes');
  }
  // Paths that are no resources are for those who may do the same to everything.
  const query = asked
    ? { ...asked, verb: asked.verb ?? '*' }
    : { verb: spec.nonResourceAttributes?.verb ?? '*', group: '*', resource: '*' };
  const { allowed, reason } = access.decide(user, query);
  return { allowed, reason };
}

interface ApiResource {
  readonly name: string;
  readonly namespaced: boolean;
}

/** Groups and resources of the cluster, subresources included, as its discovery has them. */
async function servedResources(kube: KubeClient): Promise<{ group: string; resource: ApiResource }[]> {
  interface Groups {
    readonly groups: readonly { readonly name: string; readonly preferredVersion: { readonly groupVersion: string } }[];
  }
  const { groups } = await kube.json<Groups>({ method: 'GET', path: '/apis' });
  const places = [
    { group: '', path: '/api/v1' },
    ...groups.map(({ name, preferredVersion }) => ({ group: name, path: `/apis/${preferredVersion.groupVersion}` })),
  ];
  const lists = places.map(async ({ group, path }) => {
    const { resources } = await kube.json<{ resources: readonly ApiResource[] }>({ method: 'GET', path });
    return resources.map((resource) => ({ group, resource }));
  });
  return (await Promise.all(lists)).flat();
}

/** The caller's rights in a namespace, found by asking for each resource the cluster serves. */
async function rulesIn(deps: ResourcesDeps, user: User, namespace: string): Promise<Record<string, unknown>> {
  const served = await servedResources(deps.kube);
  const resourceRules = served
    .filter(({ resource }) => resource.namespaced)
    .map(({ group, resource: { name } }) => {
      const [resource = '', subresource = ''] = name.split('/');
      const query = { group, resource, subresource, namespace };
      const allowed = verbs.filter((verb) => deps.access.decide(user, { ...query, verb }).allowed);
      return { verbs: allowed, apiGroups: [group], resources: [name] };
    })
    .filter((rule) => rule.verbs.length > 0);
  return { resourceRules, nonResourceRules: [], incomplete: false };
}

/** Reviews of somebody else's rights, cluster-wide or in one namespace. */
function otherReviews({ access }: ResourcesDeps): Route[] {
  const shared = { method: 'POST', tag: 'Reviews', permission: { by: 'rbac' }, body: review } as const;
  const answer = (body: Review, kind: string, namespace?: string): unknown => {
    if (!body.spec.user) throw new ApiError('Invalid', 'spec.user is needed: whose rights are asked for?');
    const user = { name: body.spec.user, groups: [authenticatedGroup, ...(body.spec.groups ?? [])] };
    const asked = body.spec.resourceAttributes;
    const local =
      namespace === undefined || !asked ? body.spec : { ...body.spec, resourceAttributes: { ...asked, namespace } };
    return {
      apiVersion: 'authorization.k8s.io/v1',
      kind,
      metadata: {},
      spec: local,
      status: statusFor(access, user, { spec: local }),
    };
  };
  return [
    defineRoute({
      ...shared,
      path: `${authorization}/subjectaccessreviews`,
      scope: 'cluster',
      summary: 'Say what a user may do',
      responses: { 201: answered },
      handle: ({ body }) => answer(body, 'SubjectAccessReview'),
    }),
    defineRoute({
      ...shared,
      path: `${authorization}/namespaces/{namespace}/localsubjectaccessreviews`,
      scope: 'project',
      summary: 'Say what a user may do in a namespace',
      params: Type.Object({ namespace: Type.String() }),
      responses: { 201: answered },
      handle: ({ body, params }) => answer(body, 'LocalSubjectAccessReview', params.namespace),
    }),
  ];
}

/**
 * Kubernetes' reviews, answered from the platform's roles: the cluster sees one credential, that of the platform, and
 * would say that everybody may do everything.
 */
export function reviewRoutes(deps: ResourcesDeps): Route[] {
  const self = { method: 'POST', scope: 'none', permission: aboutSelf, tag: 'Reviews' } as const;
  return [
    defineRoute({
      ...self,
      path: `${authorization}/selfsubjectaccessreviews`,
      summary: 'Say what the caller may do',
      body: review,
      responses: { 201: answered },
      handle: ({ user, body }) => ({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: {},
        spec: body.spec,
        status: statusFor(deps.access, user, body),
      }),
    }),
    defineRoute({
      ...self,
      path: `${authorization}/selfsubjectrulesreviews`,
      summary: 'List what the caller may do in a namespace',
      body: rulesReview,
      responses: { 201: answered },
      handle: async ({ user, body }) => ({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        metadata: {},
        spec: body.spec,
        status: await rulesIn(deps, user, body.spec.namespace ?? 'default'),
      }),
    }),
    defineRoute({
      ...self,
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      summary: 'Say who the caller is',
      responses: { 201: answered },
      handle: ({ user }) => ({
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
        metadata: {},
        status: {
          userInfo: { username: user.name, groups: user.groups, ...(user.extra ? { extra: user.extra } : {}) },
        },
      }),
    }),
    ...otherReviews(deps),
  ];
}
