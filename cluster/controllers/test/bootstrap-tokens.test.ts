import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { eventually, RunningCluster } from './running-cluster.ts';

let cluster: RunningCluster;

beforeAll(async () => {
  cluster = await RunningCluster.start(0);
});
afterAll(() => cluster.stop());

const encode = (text: string): string => Buffer.from(text).toString('base64');

async function tokenSecret(id: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const all = { 'token-id': id, 'token-secret': '0123456789abcdef', ...fields };
  await cluster.client.create(refs.secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, encode(value)])),
  });
}

const secretNames = async (): Promise<string[]> =>
  (await cluster.list(refs.secrets, 'kube-system')).map(({ metadata }) => metadata.name);

it('a token goes when its time is over', async () => {
  await tokenSecret('aaaaaa', { expiration: '2001-01-01T00:00:00Z' });
  await tokenSecret('bbbbbb', { expiration: new Date(Date.now() + 3_600_000).toISOString() });
  await eventually(secretNames).not.toContain('bootstrap-token-aaaaaa');
  expect(await secretNames()).toContain('bootstrap-token-bbbbbb');
});

it('the kubeconfig that everybody sees is signed by each token that is meant for it', async () => {
  const content = 'apiVersion: v1\nkind: Config\n';
  await tokenSecret('cccccc', { 'usage-bootstrap-signing': 'true' });
  const info: ClusterObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cluster-info', namespace: 'kube-public' },
    data: { kubeconfig: content, 'jws-kubeconfig-gone00': 'stale' },
  };
  await cluster.client.create(refs.configMaps, info);
  const header = Buffer.from('{"alg":"HS256","kid":"cccccc"}').toString('base64url');
  const signed = `${header}.${Buffer.from(content).toString('base64url')}`;
  const signature = createHmac('sha256', '0123456789abcdef').update(signed).digest('base64url');
  await eventually(async () => (await cluster.find(refs.configMaps, 'kube-public', 'cluster-info'))?.['data']).toEqual({
    kubeconfig: content,
    'jws-kubeconfig-cccccc': `${header}..${signature}`,
  });
});
