import { timestamp } from '@kit/base';
import type { Cause, Clock } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { Attributes } from '../auth/attributes.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { PolicyRule } from '../auth/policy-rule.ts';
import type { RbacAuthorizer } from '../auth/rbac-authorizer.ts';
import { issuer } from '../auth/service-account-tokens.ts';
import { invalid } from '../store/api-errors.ts';
import type { Caller } from '../store/write-request.ts';

/** What the reviews ask. */
export interface ReviewDeps {
  readonly authorizer: RbacAuthorizer;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
}

interface AccessSpec {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly resourceAttributes?: Partial<
    Record<'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name', string>
  >;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

function attributesOf(kind: string, spec: AccessSpec): Attributes {
  const { resourceAttributes: wanted, nonResourceAttributes: path } = spec;
  if ((wanted === undefined) === (path === undefined)) {
    const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw invalid({ kind, group: 'authorization.k8s.io' }, '', [
      { field: 'spec.resourceAttributes', message, reason: 'FieldValueInvalid' },
    ]);
  }
  if (path) return { path: path.path ?? '', verb: path.verb ?? '' };
  const nothing = { verb: '', group: '', resource: '', subresource: '', namespace: '', name: '' };
  return { ...nothing, ...wanted };
}

function accessReview(deps: ReviewDeps, review: ClusterObject, caller: Caller): object {
  const spec = (review.spec ?? {}) as AccessSpec; // the schema has checked it
  const { allowed, reason } = deps.authorizer.decide(caller, attributesOf(review.kind, spec));
  return { allowed, ...(reason && { reason }) };
}

function checkSubjectReview({ spec }: ClusterObject): void {
  const { user = '', groups = [], resourceAttributes, nonResourceAttributes } = (spec ?? {}) as AccessSpec; // the schema has checked it
  const causes: Cause[] = [];
  const problem = (field: string, message: string): void =>
    void causes.push({ field, message: `Invalid value: ${message}`, reason: 'FieldValueInvalid' });
  if (!resourceAttributes && !nonResourceAttributes) {
    const message = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    problem('spec.resourceAttributes', `null: ${message}`);
  }
  if (user === '' && groups.length === 0) problem('spec.user', '"": at least one of user or group must be specified');
  if (causes.length > 0) throw invalid({ kind: '', group: 'authorization.k8s.io' }, '', causes);
}

function subjectAccessReview(deps: ReviewDeps, review: ClusterObject): object {
  const { user = '', uid, groups = [], extra } = (review.spec ?? {}) as AccessSpec; // as above
  checkSubjectReview(review);
  return accessReview(deps, review, { name: user, uid, groups, extra });
}

const ruleFields = (rule: PolicyRule) => ({
  verbs: rule.verbs,
  ...(rule.nonResourceURLs?.length
    ? { nonResourceURLs: rule.nonResourceURLs }
    : { apiGroups: rule.apiGroups, resources: rule.resources }),
  ...(rule.resourceNames?.length && { resourceNames: rule.resourceNames }),
});

function rulesReview(deps: ReviewDeps, review: ClusterObject, caller: Caller): object {
  const { namespace = '' } = (review.spec ?? {}) as { namespace?: string }; // the schema has checked it
  const rules = [...deps.authorizer.rulesOf(caller, namespace)].map((granted) => granted.rule);
  return {
    resourceRules: rules.filter((rule) => !rule.nonResourceURLs?.length).map(ruleFields),
    nonResourceRules: rules.filter((rule) => rule.nonResourceURLs?.length).map(ruleFields),
    incomplete: false,
  };
}

function userInfo({ name, uid, groups, extra }: Caller): object {
  return {
    username: name,
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extra && Object.keys(extra).length > 0 && { extra }),
  };
}

async function tokenReview(deps: ReviewDeps, review: ClusterObject): Promise<object> {
  const { token = '', audiences = [] } = (review.spec ?? {}) as { token?: string; audiences?: string[] }; // the schema has checked it
  const verified = await deps.authenticator.token(token, audiences.length > 0 ? audiences : [issuer]);
  if (!verified) return { user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user: userInfo(verified.caller), audiences: verified.audiences };
}

/** Answers a review: an object that is created, answered and not stored. */
export async function answerReview(deps: ReviewDeps, review: ClusterObject, caller: Caller): Promise<ClusterObject> {
  const status = async (): Promise<object> => {
    switch (review.kind) {
      case 'TokenReview':
        return tokenReview(deps, review);
      case 'SelfSubjectReview':
        return { userInfo: userInfo(caller) };
      case 'SelfSubjectRulesReview':
        return rulesReview(deps, review, caller);
      case 'SelfSubjectAccessReview':
        return accessReview(deps, review, caller);
      default:
        return subjectAccessReview(deps, review);
    }
  };
  const answered = { ...review, status: await status() };
  if (review.kind === 'SelfSubjectRulesReview')
    return { ...answered, metadata: {} as ClusterObject['metadata'], spec: {} }; // what was asked is not said again
  if (review.kind !== 'SelfSubjectReview') return answered;
  return { ...answered, metadata: { ...review.metadata, creationTimestamp: timestamp(deps.clock.now()) } };
}

/** The kinds that are asked, not kept. */
export const reviewKinds: ReadonlySet<string> = new Set([
  'TokenReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
  'SelfSubjectAccessReview',
  'SubjectAccessReview',
  'LocalSubjectAccessReview',
]);
