import { kinds, type KubeObject, type ResourceType } from '@kit/kube';
import { Compile } from 'typebox/compile';
import { Type, type Static } from 'typebox';
import type { QuotaLedger } from './quota-ledger.ts';

const loose = Type.Object({ metadata: Type.Object({ name: Type.Optional(Type.String()) }) });
const question = Type.Object({
  uid: Type.String(),
  operation: Type.String(),
  resource: Type.Object({ group: Type.String(), resource: Type.String() }),
  namespace: Type.Optional(Type.String()),
  dryRun: Type.Optional(Type.Boolean()),
  object: Type.Optional(Type.Union([loose, Type.Null()])),
  oldObject: Type.Optional(Type.Union([loose, Type.Null()])),
});
const review = Compile(Type.Object({ request: question }));

interface Answer {
  readonly apiVersion: 'admission.k8s.io/v1';
  readonly kind: 'AdmissionReview';
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
  };
}

function typeOf({ group, resource }: { group: string; resource: string }): ResourceType | undefined {
  return Object.values<ResourceType>(kinds).find((type) => type.group === group && type.plural === resource);
}

/** Why what is asked about is refused; only creations and changes in projects are counted. */
function refusalOf(ledger: QuotaLedger, request: Static<typeof question>): string | undefined {
  const { operation, namespace, object, oldObject, dryRun = false } = request;
  const type = typeOf(request.resource);
  if (!type || !namespace || !object || (operation !== 'CREATE' && operation !== 'UPDATE')) return undefined;
  return ledger.refusal({
    type,
    namespace,
    dryRun,
    object: object as KubeObject, // cast: objects of Kubernetes, as its API server sends them
    ...(oldObject && operation === 'UPDATE' ? { old: oldObject as KubeObject } : {}), // cast: as above
  });
}

/** What somebody else asks to have looked at by the same server: one kind of object, whoever writes it. */
export interface OtherReview {
  readonly name: string;
  ready(): Promise<void>;
  /** The registration of the question with the cluster. */
  configuration(client: { readonly url: string; readonly caPem: string }): KubeObject;
  /** Why the object is refused, as a sentence; `undefined` when it is taken. */
  refusal(object: KubeObject): string | undefined;
}

/** A quota forbids, as Kubernetes' own does; what is wrong with an object itself makes it invalid. */
const forbidden = { code: 403, reason: 'Forbidden' };
const invalid = { code: 422, reason: 'Invalid' };

function answer(uid: string, message: string | undefined, verdict = forbidden): Answer {
  const refused = message === undefined ? {} : { status: { ...verdict, message } };
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid, allowed: message === undefined, ...refused },
  };
}

/** Answers an AdmissionReview by the quotas; `undefined` for a body that is none. */
export function answerReview(ledger: QuotaLedger, body: unknown): Answer | undefined {
  return review.Check(body) ? answer(body.request.uid, refusalOf(ledger, body.request)) : undefined;
}

/** Answers an AdmissionReview by what another review says of its object. */
export function answerOther(other: OtherReview, body: unknown): Answer | undefined {
  if (!review.Check(body)) return undefined;
  const { uid, object } = body.request;
  return answer(uid, object ? other.refusal(object as KubeObject) : undefined, invalid); // cast: objects of Kubernetes, as its API server sends them
}
