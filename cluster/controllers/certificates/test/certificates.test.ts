import 'reflect-metadata'; // the certificate library needs it, and does not bring it
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterObject } from '../../../client.ts';
import { eventually, RunningCluster } from '../../test/running-cluster.ts';
import { signingRequests } from '../signing-request.ts';

let cluster: RunningCluster;

beforeAll(async () => {
  cluster = await RunningCluster.start(0);
});
afterAll(() => cluster.stop());

async function ask(name: string, subject: string, spec: object): Promise<ClusterObject> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject,
    keys,
    signingAlgorithm: algorithm,
  });
  return cluster.client.create(signingRequests, {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: { request: Buffer.from(request.toString('pem')).toString('base64'), ...spec },
  });
}

async function approve(name: string): Promise<void> {
  const request = await cluster.client.get(signingRequests, undefined, name);
  const condition = { type: 'Approved', status: 'True', reason: 'Test', message: 'by hand' };
  await cluster.client.update(signingRequests, { ...request, status: { conditions: [condition] } }, 'approval');
}

const statusOf = async (
  name: string,
): Promise<{ certificate?: string; conditions?: { type: string; message: string }[] }> =>
  ((await cluster.client.get(signingRequests, undefined, name)).status ?? {}) as object; // of its kind

const client = { signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth', 'digital signature'] };

it('a request that is approved becomes a certificate of the cluster', async () => {
  await ask('joe', 'CN=joe, O=devs', { ...client, expirationSeconds: 3600 });
  expect((await statusOf('joe')).certificate).toBeUndefined();
  await approve('joe');
  await eventually(async () => (await statusOf('joe')).certificate).toBeDefined();
  const { certificate = '' } = await statusOf('joe');
  const made = new x509.X509Certificate(Buffer.from(certificate, 'base64').toString());
  expect(made.subject).toBe('CN=joe, O=devs');
  expect((made.notAfter.getTime() - made.notBefore.getTime()) / 1000).toBe(3600 + 300);
});

it('what a signer does not sign is failed with the reason', async () => {
  await ask('server', 'CN=joe', { ...client, usages: ['server auth'] });
  await approve('server');
  const failure = async (): Promise<string | undefined> =>
    (await statusOf('server')).conditions?.find(({ type }) => type === 'Failed')?.message;
  await eventually(failure).toBe('invalid usage for client certificate: server auth');
});

it('a node is approved by itself, and nobody becomes the administrator', async () => {
  const kubelet = { ...client, signerName: 'kubernetes.io/kube-apiserver-client-kubelet' };
  await ask('node', 'O=system:nodes, CN=system:node:one', kubelet);
  await eventually(async () => (await statusOf('node')).certificate).toBeDefined();
  await expect(ask('root', 'CN=joe, O=system:masters', client)).rejects.toThrow(
    'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
  );
});
