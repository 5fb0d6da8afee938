import { authenticatedGroup, type Access } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import type { KubeClient } from '@kit/kube';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const text = Type.Optional(Type.String());
const resourceAttributes = Type.Object({
  namespace: text,
  verb: text,
  group: text,
  version: text,
  resource: text,
  subresource: text,
  name: text,
});
const accessSpec = Type.Object({
  user: text,
  groups: Type.Optional(Type.Array(Type.String())),
  resourceAttributes: Type.Optional(resourceAttributes),
  nonResourceAttributes: Type.Optional(Type.Object({ path: text, verb: text })),
});
type AccessSpec = Static<typeof accessSpec>;
const rulesSpec = Type.Object({ namespace: text });

/** The kinds of review, by the plural in their path. */
const reviewKinds = {
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  selfsubjectreviews: 'SelfSubjectReview',
  subjectaccessreviews: 'SubjectAccessReview',
  localsubjectaccessreviews: 'LocalSubjectAccessReview',
} as const;

export type ReviewPlural = keyof typeof reviewKinds;

/** Whether a resource of that name is a review. */
export function isReview(resource: string | undefined): resource is ReviewPlural {
  return resource !== undefined && Object.hasOwn(reviewKinds, resource);
}

interface Parts {
  readonly kube: KubeClient;
  readonly access: Access;
}

/** What a review asks, as its body has it, and where. */
export interface ReviewRequest {
  readonly plural: ReviewPlural;
  readonly user: User;
  readonly spec: unknown;
  /** Of a local review, from the path. */
  readonly namespace?: string;
}

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

function specOf<S extends typeof accessSpec | typeof rulesSpec>(schema: S, spec: unknown): Static<S> {
  const given: unknown = spec ?? {};
  if (Value.Check(schema, given)) return given;
  throw new ApiError('Invalid', 'the spec of the review is not of its form');
}

function statusFor(access: Access, user: User, spec: AccessSpec): { allowed: boolean; reason: string } {
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

/** The user's rights in a namespace, found by asking for each resource the cluster serves. */
async function rulesIn({ kube, access }: Parts, user: User, namespace: string): Promise<object> {
  const served = await servedResources(kube);
  const resourceRules = served
    .filter(({ resource }) => resource.namespaced)
    .map(({ group, resource: { name } }) => {
      const [resource = '', subresource = ''] = name.split('/');
      const query = { group, resource, subresource, namespace };
      const allowed = verbs.filter((verb) => access.decide(user, { ...query, verb }).allowed);
      return { verbs: allowed, apiGroups: [group], resources: [name] };
    })
    .filter((rule) => rule.verbs.length > 0);
  return { resourceRules, nonResourceRules: [], incomplete: false };
}

/** The reviews of somebody else's rights; the local one is about its own namespace only. */
function aboutOther({ access }: Parts, { plural, user: caller, spec: given, namespace }: ReviewRequest): object {
  const spec = specOf(accessSpec, given);
  const place = namespace === undefined ? {} : { namespace };
  access.check(caller, { verb: 'create', group: 'authorization.k8s.io', resource: plural, ...place });
  if (!spec.user) throw new ApiError('Invalid', 'spec.user is needed: whose rights are asked for?');
  const user = { name: spec.user, groups: [authenticatedGroup, ...(spec.groups ?? [])] };
  const asked = spec.resourceAttributes && { ...spec.resourceAttributes, ...place };
  return statusFor(access, user, { ...spec, ...(asked ? { resourceAttributes: asked } : {}) });
}

async function statusOf(parts: Parts, request: ReviewRequest): Promise<object> {
  const { plural, user, spec } = request;
  if (plural === 'selfsubjectaccessreviews') return statusFor(parts.access, user, specOf(accessSpec, spec));
  if (plural === 'selfsubjectrulesreviews') return rulesIn(parts, user, specOf(rulesSpec, spec).namespace ?? 'default');
  if (plural !== 'selfsubjectreviews') return aboutOther(parts, request);
  return { userInfo: { username: user.name, groups: user.groups } }; // `extra` is the session's, and nobody's business
}

/** A review answered from the platform's roles, as the cluster would write it. */
export async function answerReview(parts: Parts, request: ReviewRequest): Promise<object> {
  const group = request.plural === 'selfsubjectreviews' ? 'authentication.k8s.io' : 'authorization.k8s.io';
  return {
    apiVersion: `${group}/v1`,
    kind: reviewKinds[request.plural],
    metadata: {},
    ...(request.spec === undefined ? {} : { spec: request.spec }),
    status: await statusOf(parts, request),
  };
}
