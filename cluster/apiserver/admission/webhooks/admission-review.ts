import { randomUUID } from 'node:crypto';
import type { ClusterObject } from '../../../client.ts';
import { answeredObject, checkAnswerKind } from '../../outbound/answered-object.ts';
import { OutboundError } from '../../outbound/outbound-error.ts';
import type { OutboundAnswer } from '../../outbound/outbound-client.ts';
import type { AdmissionRequest, Caller } from '../../store/write-request.ts';
import type { Invocation } from './invocation.ts';

/** What a webhook has said. */
export interface Verdict {
  readonly allowed: boolean;
  readonly status?: {
    readonly code?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly details?: object;
  };
  /** Decoded; absent when the webhook changes nothing. */
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

function userInfo({ name, uid, groups, extra }: Caller): object {
  return {
    username: name,
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extra && Object.keys(extra).length > 0 && { extra }),
  };
}

const optionKinds = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: undefined,
} as const;

/** The object and its past, in the version the webhook sees. */
export interface Shown {
  readonly object: ClusterObject | undefined;
  readonly old: ClusterObject | undefined;
}

const group = 'admission.k8s.io';
const knownVersions = ['v1', 'v1beta1'];

/** An AdmissionReview for the webhook, and the uid its answer must carry. */
export function reviewOf(
  request: AdmissionRequest,
  { as, objectKind, webhook }: Invocation,
  shown: Shown,
): { uid: string; version: string; body: string } {
  const { target, operation, dryRun, caller, options } = request;
  const { kind, namespace, name, subresource } = target;
  const uid = randomUUID();
  const version = webhook.admissionReviewVersions.find((known) => knownVersions.includes(known)) ?? 'v1';
  const resource = ({ group: of, version: at, resource: plural }: typeof kind): object => ({
    group: of,
    version: at,
    resource: plural,
  });
  const kindOf = ({ group: of, version: at, kind: what }: typeof objectKind): object => ({
    group: of,
    version: at,
    kind: what,
  });
  const optionsKind = optionKinds[operation];
  const body = {
    kind: 'AdmissionReview',
    apiVersion: `${group}/${version}`,
    request: {
      uid,
      kind: kindOf(objectKind),
      resource: resource(as),
      ...(subresource && { subResource: subresource }),
      requestKind: kindOf(request.objectKind),
      requestResource: resource(kind),
      ...(subresource && { requestSubResource: subresource }),
      ...(name && { name }),
      ...(namespace && { namespace }),
      operation,
      userInfo: userInfo(caller),
      object: shown.object ?? null,
      oldObject: shown.old ?? null,
      dryRun,
      options: optionsKind ? { ...options, kind: optionsKind, apiVersion: 'meta.k8s.io/v1' } : null,
    },
  };
  return { uid, version, body: JSON.stringify(body) };
}

interface Response {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: Verdict['status'];
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/** A webhook has answered, but not with what an answer is. */
export class InvalidAnswer extends Error {}

const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function patchOf({ patch }: Response): string | undefined {
  if (!patch) return undefined;
  const valid = /^[A-Za-z0-9+/]*/.exec(patch)?.[0].length ?? 0;
  if (!isBase64.test(patch))
    throw new OutboundError(`illegal base64 data at input byte ${Math.min(valid, patch.length - 1)}`);
  return Buffer.from(patch, 'base64').toString();
}

function checkNoPatch(hasType: boolean, patch: string | undefined): void {
  if (patch) throw new InvalidAnswer('validating webhook may not return response.patch');
  if (hasType) throw new InvalidAnswer('validating webhook may not return response.patchType');
}

function checkPatch(response: Response, patch: string | undefined, mutating: boolean): void {
  const patchType = response.patchType ?? undefined;
  const hasType = patchType !== undefined;
  if (!mutating) return checkNoPatch(hasType, patch);
  if (patch && !hasType) throw new InvalidAnswer('webhook returned response.patch but not response.patchType');
  if (!patch && hasType) throw new InvalidAnswer('webhook returned response.patchType but not response.patch');
  if (patchType === '') throw new InvalidAnswer('webhook returned invalid response.patchType of ""');
}

function checkIdentity(
  answer: Record<string, unknown>,
  response: Response,
  { uid, version }: { uid: string; version: string },
): void {
  if (response.uid !== uid)
    throw new InvalidAnswer(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  const { apiVersion = '', kind = '' } = answer as { apiVersion?: string; kind?: string }; // printed only
  if (kind) return;
  throw new InvalidAnswer(
    `expected webhook response of ${group}/${version}, Kind=AdmissionReview, got ${apiVersion || '/'}, Kind=${kind}`,
  );
}

/** Reads what a webhook has answered. Throws `OutboundError` for no AdmissionReview, `InvalidAnswer` for a wrong one. */
export function verdictOf(
  answer: OutboundAnswer,
  expected: { uid: string; version: string; mutating: boolean },
): Verdict {
  const object = answeredObject(answer);
  const { version, mutating } = expected;
  checkAnswerKind(object, { group, version, kind: 'AdmissionReview' });
  const { response } = object as { response?: Response }; // its fields are looked at one by one
  if (!response) {
    throw new InvalidAnswer('webhook response was absent');
  }
  const patch = patchOf(response);
  // The beta version is older than both rules.
  if (version === 'v1') {
    checkIdentity(object, response, expected);
    checkPatch(response, patch, mutating);
  }
  const { allowed = false, status, patchType, warnings, auditAnnotations } = response;
  return {
    allowed,
    ...(status && { status }),
    ...(patch && { patch, patchType: patchType ?? 'JSONPatch' }),
    warnings: warnings ?? [],
    auditAnnotations: auditAnnotations ?? {},
  };
}
