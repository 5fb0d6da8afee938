import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { isApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import { apiVersionOf } from '@kit/kube';
import type { KubeClient, KubeObject, ResourceType } from '@kit/kube';
import { fieldManager, labels } from '../contract/index.ts';
import { certificateRequest } from '../rules/certificate-request.ts';

const type: ResourceType = {
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  namespaced: false,
};

/** A certificate cannot be taken back, so it is short-lived; a new one costs its owner one request. */
const lifeSeconds = 24 * 3600;
const patienceMs = 5000;
const pauseMs = 100;

type SigningRequest = KubeObject & { status?: { certificate?: string; conditions?: object[] } };

/** A key and what proves to the cluster whose it is, in PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * A certificate by which the cluster itself knows a user, signed by the cluster; `undefined` when it signs none. It names
 * the user and no group: groups change, and a certificate does not. The key is made here and kept nowhere.
 */
export async function issueCertificate(
  { kube, clock }: { readonly kube: KubeClient; readonly clock: Clock },
  userName: string,
): Promise<ClientCertificate | undefined> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = `${userName}-${randomBytes(5).toString('hex')}`;
  const asked = await kube.create<SigningRequest>(
    type,
    requestOf(name, userName, certificateRequest(userName, privateKey)),
    {
      fieldManager,
    },
  );
  try {
    const condition = { type: 'Approved', status: 'True', reason: 'PlatformUser', message: 'a user of the platform' };
    const approved = { ...asked, status: { ...asked.status, conditions: [condition] } };
    await kube.update(type, approved, { subresource: 'approval', fieldManager });
    const certificate = await signed({ kube, clock }, name);
    if (certificate === undefined || !isOf(certificate, userName)) return undefined;
    return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  } finally {
    await kube.delete(type, { name }).catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
  }
}

function requestOf(name: string, userName: string, pem: string): SigningRequest {
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: { name, labels: { 'kubesphere.io/username': userName, [labels.managedBy]: fieldManager } },
    spec: {
      request: Buffer.from(pem).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
      expirationSeconds: lifeSeconds,
    },
  };
}

async function signed(
  { kube, clock }: { readonly kube: KubeClient; readonly clock: Clock },
  name: string,
): Promise<string | undefined> {
  for (const until = clock.now() + patienceMs; clock.now() < until;) {
    const { status } = await kube.get<SigningRequest>(type, { name });
    if (status?.certificate) return Buffer.from(status.certificate, 'base64').toString();
    await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
  }
  return undefined;
}

function isOf(pem: string, userName: string): boolean {
  return new X509Certificate(pem).subject === `CN=${userName}`;
}
