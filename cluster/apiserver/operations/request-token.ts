import { randomUUID } from 'node:crypto';
import { timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { issuer } from '../auth/service-account-tokens.ts';
import type { BoundObject, ServiceAccountTokens } from '../auth/service-account-tokens.ts';
import { resourceKey } from '../storage/version.ts';
import { conflict, invalid, notFound } from '../store/api-errors.ts';
import { keyOf } from '../store/stored-object.ts';
import type { StoreDeps, Target } from '../store/write-request.ts';

interface TokenRequestSpec {
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
}

const lifetime = { shortest: 600, usual: 3600, longest: 2 ** 32 };
const boundKinds: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

function lifetimeOf({ expirationSeconds = lifetime.usual }: TokenRequestSpec): number {
  const problem =
    expirationSeconds < lifetime.shortest
      ? 'may not specify a duration less than 10 minutes'
      : expirationSeconds > lifetime.longest
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (!problem) return expirationSeconds;
  const cause = {
    field: 'spec.expirationSeconds',
    message: `Invalid value: ${expirationSeconds}: ${problem}`,
    reason: 'FieldValueInvalid',
  };
  throw invalid({ kind: 'TokenRequest', group: 'authentication.k8s.io' }, '', [cause]);
}

function boundTo(deps: StoreDeps, target: Target, { boundObjectRef: ref }: TokenRequestSpec): BoundObject | undefined {
  if (!ref) return undefined;
  const { kind = '', name = '' } = ref;
  const resource = boundKinds[kind];
  if (!resource) {
    const cause = {
      field: 'spec.boundObjectRef.kind',
      message: `Invalid value: "${kind}": cannot bind token to object of type`,
      reason: 'FieldValueInvalid',
    };
    throw invalid({ kind: 'TokenRequest', group: 'authentication.k8s.io' }, target.name, [cause]);
  }
  const stored = deps.storage.newest({
    resource: resourceKey('', resource),
    namespace: kind === 'Node' ? '' : target.namespace,
    name,
  });
  if (!stored) throw notFound({ group: '', resource, kind }, name);
  const { uid } = stored.object().metadata;
  if (ref.uid && ref.uid !== uid) {
    throw conflict(
      { group: '', resource, kind },
      name,
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { kind: kind as BoundObject['kind'], name, uid }; // `boundKinds` knows no other
}

/** `serviceaccounts/token`: a token of the account for the audiences and the time asked for. */
export async function requestToken(
  deps: StoreDeps & { readonly tokens: ServiceAccountTokens },
  target: Target,
  body: ClusterObject,
): Promise<ClusterObject> {
  const account = deps.storage.newest(keyOf(target.kind, target.namespace, target.name));
  if (!account) throw notFound(target.kind, target.name);
  const spec = (body.spec ?? {}) as TokenRequestSpec; // the schema has checked it
  const lifetimeSeconds = lifetimeOf(spec);
  const audiences = spec.audiences?.length ? spec.audiences : [issuer];
  const { token, expiresAtMs } = await deps.tokens.issue({
    namespace: target.namespace,
    name: target.name,
    uid: account.object().metadata.uid,
    audiences,
    lifetimeSeconds,
    boundTo: boundTo(deps, target, spec),
  });
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {
      name: target.name,
      namespace: target.namespace,
      uid: randomUUID(),
      creationTimestamp: timestamp(deps.clock.now()),
    },
    spec: { ...spec, audiences, expirationSeconds: lifetimeSeconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: timestamp(expiresAtMs) },
  };
}
