import type { ClusterObject } from '../../../client.ts';
import { selectorMatches } from '../../operations/match-selector.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import { storageResource } from '../../store/kind-registry.ts';
import type { MatchDeps } from '../webhooks/invocation.ts';
import type { ParamRef } from './policy-source.ts';

export interface ParamKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A policy or binding that cannot be used as it is. */
export class ConfigurationError extends Error {}

/** The kind of a policy's parameters. Throws `ConfigurationError` when nobody serves it. */
export function paramKindOf({ kinds }: MatchDeps, { apiVersion, kind }: ParamKind): KindInfo {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const found = kinds.inVersion(group, version).find((one) => one.kind === kind);
  if (found) return found;
  const shown = `${group ? `${group}/` : '/'}${version}, Kind=${kind}`;
  throw new ConfigurationError(`failed to find resource referenced by paramKind: '${shown}'`);
}

/** The parameters a binding gives its policy; `undefined` in the list stands for none. Throws `ConfigurationError`. */
export function paramsOf(
  deps: MatchDeps,
  { kind, ref }: { kind: KindInfo | undefined; ref: ParamRef | undefined },
  requestNamespace: string,
): readonly (ClusterObject | undefined)[] {
  if (!kind || !ref) return [undefined];
  const namespace = namespaceFor(kind, ref, requestNamespace);
  const found = ref.name
    ? named(deps, kind, { namespace, name: ref.name })
    : selected(deps, kind, { namespace, selector: ref.selector });
  if (found.length === 0 && ref.parameterNotFoundAction === 'Deny')
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  return found;
}

function namespaceFor({ namespaced }: KindInfo, ref: ParamRef, requestNamespace: string): string {
  if (ref.namespace && !namespaced)
    throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const namespace = namespaced ? ref.namespace || requestNamespace : '';
  if (namespace || !namespaced) return namespace;
  throw new ConfigurationError(
    'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
  );
}

function named({ storage }: MatchDeps, kind: KindInfo, at: { namespace: string; name: string }): ClusterObject[] {
  const version = storage.newest({ resource: storageResource(kind), ...at });
  return version ? [version.object() as ClusterObject] : []; // what the storage holds
}

function selected(
  { storage }: MatchDeps,
  kind: KindInfo,
  { namespace, selector }: { namespace: string; selector: unknown },
): ClusterObject[] {
  return storage
    .list(storageResource(kind))
    .filter(({ key, labels }) => (!namespace || key.namespace === namespace) && selectorMatches(selector, labels))
    .map((version) => version.object() as ClusterObject); // as above
}
