import 'reflect-metadata'; // the certificate library needs it, and does not bring it
import * as x509 from '@peculiar/x509';
import { isDeepStrictEqual } from 'node:util';
import { timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { Authorizer } from '../auth/attributes.ts';
import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { invalid } from '../store/api-errors.ts';
import { statusCauses } from './certificate-status.ts';
import type { RequestStatus } from './certificate-status.ts';
import { denied, isWhole } from './denied.ts';

interface Condition {
  readonly type: string;
  readonly status?: string;
  lastUpdateTime?: string | null;
  lastTransitionTime?: string | null;
}

interface SigningRequest {
  spec?: { readonly signerName?: string; readonly request?: string };
  status?: { readonly certificate?: string; readonly conditions?: Condition[] | null };
}

const group = 'certificates.k8s.io';
const clientSigner = 'kubernetes.io/kube-apiserver-client';

/** A signer may be named itself, or every signer of its domain at once. */
function mayUse(
  authorizer: Authorizer,
  { caller }: AdmissionRequest,
  right: { verb: string; signer: string },
): boolean {
  const { verb, signer } = right;
  const [domain = ''] = signer.split('/');
  return [signer, `${domain}/*`].some((name) => {
    const attributes = { verb, group, resource: 'signers', subresource: '', namespace: '', name };
    return authorizer.decide(caller, attributes).allowed;
  });
}

function isMine({ target, operation }: AdmissionRequest): boolean {
  return target.kind.group === group && target.kind.kind === 'CertificateSigningRequest' && operation !== 'DELETE';
}

/** What a change of a part needs the right to: nothing when it changes nothing. */
function neededVerb({ target, object, old }: AdmissionRequest): 'approve' | 'sign' | undefined {
  if (target.subresource === 'approval') return 'approve';
  if (target.subresource !== 'status') return undefined;
  const said = ({ status }: SigningRequest): unknown => [status?.certificate, status?.conditions ?? []];
  const isSame = isDeepStrictEqual(said(object as SigningRequest), said((old ?? {}) as SigningRequest)); // the schema has checked both
  return isSame ? undefined : 'sign';
}

function checkRight(authorizer: Authorizer, request: AdmissionRequest): void {
  const verb = request.operation === 'UPDATE' ? neededVerb(request) : undefined;
  if (!verb) return;
  const { spec } = (request.old ?? {}) as SigningRequest; // as above
  const signer = spec?.signerName ?? '';
  if (mayUse(authorizer, request, { verb, signer })) return;
  throw denied(request, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
}

const statusOf = (object: ClusterObject | undefined): RequestStatus => (object?.status ?? {}) as RequestStatus; // the schema has checked it

function checkStatus({ operation, target, object, old }: AdmissionRequest): void {
  if (operation !== 'UPDATE' || !target.subresource) return;
  const causes = statusCauses(statusOf(object), statusOf(old));
  if (causes.length > 0) throw invalid(target.kind, target.name, causes);
}

/** Nobody gets a certificate that makes him the administrator of everything. */
function checkSubject(request: AdmissionRequest): void {
  if (request.operation !== 'CREATE' || !isWhole(request)) return;
  const { spec } = request.object as SigningRequest; // as above
  if (spec?.signerName !== clientSigner) return;
  const { subjectName } = new x509.Pkcs10CertificateRequest(Buffer.from(spec.request ?? '', 'base64').toString());
  if (!subjectName.getField('O').includes('system:masters')) return;
  throw denied(request, `use of ${clientSigner} signer with system:masters group is not allowed`);
}

/** Who asks is what the server knows of him, whatever the request says. */
function fillIn({ object, caller }: AdmissionRequest): void {
  const { name: username, uid, groups, extra } = caller;
  const request = object as SigningRequest; // as above
  const { signerName, request: pem, ...others } = request.spec ?? {};
  const known = { username, ...(uid && { uid }), groups, ...(extra && Object.keys(extra).length > 0 && { extra }) };
  const rest = Object.entries(others).filter(([field]) => !['username', 'uid', 'groups', 'extra'].includes(field));
  request.spec = { request: pem, signerName, ...Object.fromEntries(rest), ...known };
  request.status = {};
}

/** Conditions say when they came, if their writer does not. */
function stamp({ object, old }: AdmissionRequest, now: string): void {
  const before: readonly Condition[] = statusOf(old).conditions ?? [];
  const conditions: readonly Condition[] = statusOf(object).conditions ?? [];
  for (const condition of conditions) {
    const known = before.find(({ type, status }) => type === condition.type && status === condition.status);
    condition.lastUpdateTime ??= now;
    condition.lastTransitionTime ??= known?.lastTransitionTime ?? now;
  }
}

/** Certificates are approved and signed by those who may do so for the signer; some subjects are not certified at all. */
export function certificateRequests(authorizer: Authorizer, now: () => number): AdmissionStep {
  return {
    mutate(request) {
      if (!isMine(request)) return;
      if (request.operation === 'CREATE' && isWhole(request)) fillIn(request);
      if (request.operation !== 'UPDATE') return;
      // What was asked for stays: its approval was for that.
      if (isWhole(request)) request.object.spec = structuredClone<unknown>(request.old?.spec);
      else stamp(request, timestamp(now()));
    },
    validate(request) {
      if (!isMine(request)) return;
      checkStatus(request);
      checkRight(authorizer, request);
      checkSubject(request);
    },
  };
}
