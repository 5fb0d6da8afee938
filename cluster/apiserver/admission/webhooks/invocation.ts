import type { ClusterObject } from '../../../client.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import { selectorMatches } from '../../operations/match-selector.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import { notFound } from '../../store/api-errors.ts';
import { storageResource } from '../../store/kind-registry.ts';
import type { KindRegistry } from '../../store/kind-registry.ts';
import type { AdmissionRequest, ObjectKind } from '../../store/write-request.ts';
import type { Rule, Webhook } from './webhook.ts';

/** A webhook that is to be called, and as what it sees the object: with `Equivalent`, perhaps in another version. */
export interface Invocation {
  readonly webhook: Webhook;
  /** The kind whose resource a rule names. */
  readonly as: KindInfo;
  readonly objectKind: ObjectKind;
}

export interface MatchDeps {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
}

const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);

function resourceMatches(resources: readonly string[], resource: string, subresource: string): boolean {
  return resources.some((entry) => {
    const slash = entry.indexOf('/');
    const [wanted, part] = slash < 0 ? [entry, ''] : [entry.slice(0, slash), entry.slice(slash + 1)];
    return (wanted === '*' || wanted === resource) && (part === '*' || part === subresource);
  });
}

/** True when a rule of a webhook or policy names the request, were its resource that of `kind`. */
export function ruleMatches(
  rule: Rule,
  kind: KindInfo,
  { operation, target }: Pick<AdmissionRequest, 'operation' | 'target'>,
): boolean {
  const { scope = '*' } = rule;
  // A namespace is at the cluster scope, though requests for it name it as their namespace.
  const namespaced = target.namespace !== '' && !(kind.group === '' && kind.resource === 'namespaces');
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, kind.group) &&
    has(rule.apiVersions, kind.version) &&
    resourceMatches(rule.resources, kind.resource, target.subresource ?? '') &&
    (scope === '*' || (scope === 'Namespaced') === namespaced)
  );
}

/** The configurations of admission themselves are never sent to anybody: a bad one could not be taken back. */
const exempt = new Set([
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
]);

export function isExempt({ target }: AdmissionRequest): boolean {
  return target.kind.group === 'admissionregistration.k8s.io' && exempt.has(target.kind.resource);
}

const namespaces = { group: '', resource: 'namespaces', kind: 'Namespace' };
const namespacesKey = resourceKey('', 'namespaces');

function isEmpty(selector: unknown): boolean {
  const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
    matchLabels?: object;
    matchExpressions?: unknown[];
  }; // the schema has checked it
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** The labels of the request's namespace; of a namespace itself those it is to have. Throws `NotFound`. */
function namespaceLabels(
  storage: Storage,
  { operation, target, object }: AdmissionRequest,
): Readonly<Record<string, string>> {
  const { kind } = target;
  const isNamespace = kind.group === '' && kind.resource === 'namespaces';
  if (isNamespace && operation !== 'DELETE' && !target.subresource) return object.metadata.labels ?? {};
  const name = isNamespace ? target.name || object.metadata.name : target.namespace;
  const stored = storage.newest({ resource: namespacesKey, namespace: '', name });
  if (!stored) throw notFound(namespaces, name);
  return stored.labels;
}

/** True when the namespace selector of a webhook or policy takes the request. Throws `NotFound` for a missing namespace. */
export function namespaceSelected(storage: Storage, selector: unknown, request: AdmissionRequest): boolean {
  const { kind, namespace } = request.target;
  const inside = namespace !== '' || (kind.group === '' && kind.resource === 'namespaces');
  return !inside || isEmpty(selector) || selectorMatches(selector, namespaceLabels(storage, request));
}

/** True when the object, as it is or as it was, is selected. */
export function objectSelected(selector: unknown, { operation, object, old }: AdmissionRequest): boolean {
  if (isEmpty(selector)) return true;
  const selected = (one: ClusterObject | undefined): boolean =>
    one?.metadata !== undefined && selectorMatches(selector, one.metadata.labels ?? {});
  return (operation !== 'DELETE' && selected(object)) || selected(old);
}

/** Every kind that serves the same stored objects, the request's own first. */
export function equivalentKinds(kinds: KindRegistry, kind: KindInfo): readonly KindInfo[] {
  const stored = storageResource(kind);
  return [kind, ...kinds.all().filter((other) => other !== kind && storageResource(other) === stored)];
}

/** The kind under which a rule takes the request; with `Exact` only its own. */
export function matchedKind(
  kinds: KindRegistry,
  match: { readonly rules: readonly Rule[]; readonly matchPolicy: 'Exact' | 'Equivalent' },
  request: AdmissionRequest,
): KindInfo | undefined {
  const { kind } = request.target;
  if (match.rules.some((rule) => ruleMatches(rule, kind, request))) return kind;
  if (match.matchPolicy === 'Exact') return undefined;
  return equivalentKinds(kinds, kind).find(
    (other) => other !== kind && match.rules.some((rule) => ruleMatches(rule, other, request)),
  );
}

/** What the object is when its URL is one of `as`: a part of its own kind stays what it is. */
function objectKindAs({ objectKind, target }: AdmissionRequest, as: KindInfo): ObjectKind {
  const { kind } = target;
  const isOwn = objectKind.group === kind.group && objectKind.version === kind.version && objectKind.kind === kind.kind;
  return isOwn ? as : objectKind;
}

/** The webhook's call for this request, if its rules and selectors take it. */
export function invocationOf(deps: MatchDeps, webhook: Webhook, request: AdmissionRequest): Invocation | undefined {
  const as = matchedKind(deps.kinds, webhook, request);
  if (!as || !objectSelected(webhook.objectSelector, request)) return undefined;
  if (!namespaceSelected(deps.storage, webhook.namespaceSelector, request)) return undefined;
  return { webhook, as, objectKind: objectKindAs(request, as) };
}
