import 'reflect-metadata'; // the certificate library needs it, and does not bring it
import * as x509 from '@peculiar/x509';
import { alternativeNames } from '../../apiserver/auth/certificate-signer.ts';
import type { ClusterObject } from '../../client.ts';
import type { Condition } from '../../reconcile/conditions.ts';

/** A CertificateSigningRequest, as far as its controllers read and write it. */
export interface SigningRequest extends ClusterObject {
  readonly spec: {
    /** PEM in base64. */
    readonly request: string;
    readonly signerName: string;
    readonly usages?: readonly string[];
    readonly expirationSeconds?: number;
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  status?: { readonly conditions?: readonly Condition[]; readonly certificate?: string };
}

export const signingRequests = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' };

/** What a request asks to be certified. */
export interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly names: Readonly<Record<'dns' | 'ip' | 'email' | 'url', readonly string[]>>;
}

export const requestPem = ({ spec }: SigningRequest): string => Buffer.from(spec.request, 'base64').toString();

export function hasCondition({ status }: SigningRequest, type: string): boolean {
  return status?.conditions?.some((one) => one.type === type) ?? false;
}

/** Reads the request itself. Throws when it is none. */
export function subjectOf(object: SigningRequest): Subject {
  const request = new x509.Pkcs10CertificateRequest(requestPem(object));
  const names = alternativeNames(request)?.names.items ?? [];
  const ofType = (type: string): string[] => names.filter((one) => one.type === type).map(({ value }) => value);
  return {
    commonName: request.subjectName.getField('CN')[0] ?? '',
    organizations: request.subjectName.getField('O'),
    names: { dns: ofType('dns'), ip: ofType('ip'), email: ofType('email'), url: ofType('url') },
  };
}
