import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster } from '../start-cluster.ts';
import type { Cluster } from '../start-cluster.ts';
import { backupCluster } from './backup-cluster.ts';
import { restoreCluster } from './restore-cluster.ts';

const configMaps = { group: '', resource: 'configmaps' };
const folder = mkdtempSync(join(tmpdir(), 'cluster-backup-'));
const original = join(folder, 'original');
const copy = join(folder, 'copy');
const file = join(folder, 'backup.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (dataDir: string): Promise<Cluster> => startCluster({ dataDir, controllers: false });

async function add(cluster: Cluster, name: string): Promise<void> {
  await cluster.client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  });
}

const names = async ({ client }: Cluster): Promise<string[]> =>
  (await client.list(configMaps, { namespace: 'default' })).items.map(({ metadata }) => metadata.name);

function download(cluster: Cluster, token?: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    get(`${cluster.url}/backup`, { ca: cluster.caPem, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
    }).on('error', reject);
  });
}

async function tokenOf(cluster: Cluster, account: string): Promise<string> {
  const metadata = { name: account, namespace: 'default' };
  await cluster.client.create(
    { group: '', resource: 'serviceaccounts' },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  );
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 7200 } };
  const answer = await cluster.client.post(
    { group: '', resource: 'serviceaccounts' },
    'default',
    account,
    'token',
    request,
  );
  return (answer['status'] as { token: string }).token;
}

describe('a backup of a running cluster', () => {
  let restored: Cluster;
  let keeper: string;
  let revision: string;

  beforeAll(async () => {
    const cluster = await start(original);
    try {
      await add(cluster, 'kept');
      await add(cluster, 'deleted');
      await cluster.client.delete(configMaps, 'default', 'deleted');
      keeper = await tokenOf(cluster, 'keeper');
      await cluster.client.create(
        { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          metadata: { name: 'keeper' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
          subjects: [{ kind: 'ServiceAccount', name: 'keeper', namespace: 'default' }],
        },
      );
      const nobody = await tokenOf(cluster, 'nobody');
      expect((await download(cluster, nobody)).status).toBe(403);
      expect((await download(cluster)).status).toBe(403);
      const { status, body } = await download(cluster, keeper);
      expect(status).toBe(200);
      writeFileSync(file, body);
      await add(cluster, 'later');
      revision = (await cluster.client.list(configMaps)).resourceVersion;
    } finally {
      await cluster.stop();
    }
    await restoreCluster(file, copy);
    restored = await start(copy);
  });
  afterAll(() => restored.stop());

  it('holds what there was at its time, and nothing of later', async () => {
    expect(await names(restored)).toEqual(['kept']);
  });

  it('brings the keys along: tokens stay good, and only the owner may read the files', async () => {
    expect((await download(restored, keeper)).status).toBe(200);
    expect(statSync(join(copy, 'cluster.db')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(copy, 'pki/ca.crt'), 'utf8')).toBe(readFileSync(join(original, 'pki/ca.crt'), 'utf8'));
  });

  it('tells who watched the old cluster to list anew', async () => {
    const event = await new Promise<{ type: string; object: unknown }>((resolve) => {
      const stop = restored.client.watch(configMaps, revision, (seen) => resolve(seen));
      setTimeout(stop, 5000).unref();
    });
    expect(event).toMatchObject({ type: 'ERROR', object: { reason: 'Expired', code: 410 } });
  });

  it('is not written over a cluster that is there', async () => {
    await expect(restoreCluster(file, copy)).rejects.toThrow(/there is a cluster in .* already/);
  });
});

describe('a file that cannot be restored', () => {
  it.each([
    { why: 'is not there', make: () => join(folder, 'missing.db'), says: /no backup at/ },
    {
      why: 'is damaged',
      make: () => {
        const damaged = join(folder, 'damaged.db');
        writeFileSync(damaged, readFileSync(file));
        truncateSync(damaged, statSync(damaged).size / 2);
        return damaged;
      },
      says: /damaged/,
    },
    { why: 'is a database of a cluster', make: () => join(original, 'cluster.db'), says: /not a backup/ },
    {
      why: 'is something else',
      make: () => {
        const other = join(folder, 'other.db');
        writeFileSync(other, 'hello');
        return other;
      },
      says: /not a database|another program|not a backup/,
    },
  ])('$why: one sentence, and no cluster', async ({ make, says }) => {
    const target = join(folder, 'never');
    await expect(restoreCluster(make(), target)).rejects.toThrow(says);
    expect(() => statSync(join(target, 'cluster.db'))).toThrow();
  });
});

describe('a backup of a cluster that is not running', () => {
  it('is the same', async () => {
    const offline = join(folder, 'offline.db');
    const second = join(folder, 'second');
    await backupCluster(original, offline);
    await restoreCluster(offline, second);
    const cluster = await start(second);
    try {
      expect(await names(cluster)).toEqual(['kept', 'later']);
    } finally {
      await cluster.stop();
    }
  });
});
