import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refs } from '../../../reconcile/resource-refs.ts';
import { snapshotRefs, type VolumeSnapshot, type VolumeSnapshotContent } from '../../snapshots/snapshot-kinds.ts';
import { eventually } from '../../test/running-cluster.ts';
import { storageRefs } from '../storage-kinds.ts';
import { StorageCluster } from './storage-cluster.ts';

const { claims, volumes } = storageRefs;
const storageClassName = 'local-path';
const dataDir = mkdtempSync(join(tmpdir(), 'local-path-'));
let cluster: StorageCluster;
beforeAll(async () => {
  cluster = await StorageCluster.start(dataDir);
});
afterAll(async () => {
  await cluster.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The folder of a claim's volume, once a pod has made it needed. */
async function folder(claim: string): Promise<string> {
  const volume = await cluster.bound(claim);
  return volume.spec.hostPath?.path ?? '';
}

async function snapshotOf(name: string): Promise<VolumeSnapshot> {
  return (await cluster.client.get(snapshotRefs.snapshots, cluster.namespace, name)) as VolumeSnapshot; // it is one
}

async function contentOf(snapshot: string): Promise<VolumeSnapshotContent> {
  const name = (await snapshotOf(snapshot)).status?.boundVolumeSnapshotContentName ?? '';
  return (await cluster.client.get(snapshotRefs.contents, undefined, name)) as VolumeSnapshotContent; // it is one
}

test('a volume is a folder on the node of its first pod, and goes with its claim', async () => {
  await cluster.claim('data', { storageClassName });
  await cluster.pod('first', ['data']);
  const path = await folder('data');
  expect(existsSync(path)).toBe(true);
  expect(path.startsWith(dataDir)).toBe(true);
  await eventually(() => cluster.phase(refs.pods, 'first')).toBe('Running');
  const { nodeName } = (await cluster.client.get(refs.pods, cluster.namespace, 'first')).spec as { nodeName: string };
  const volume = await cluster.bound('data');
  expect(JSON.stringify(volume.spec)).toContain(nodeName);
  await cluster.delete(refs.pods, 'first');
  await cluster.delete(claims, 'data');
  await eventually(() => cluster.phase(volumes, volume.metadata.name)).toBe('gone');
  expect(existsSync(path)).toBe(false);
});

test('what is in a volume comes back from its snapshot, and from a clone', async () => {
  await cluster.claim('source', { storageClassName });
  await cluster.pod('writer', ['source']);
  const path = await folder('source');
  writeFileSync(join(path, 'greeting'), 'hello');
  await cluster.snapshot('monday', { persistentVolumeClaimName: 'source' });
  await eventually(async () => (await snapshotOf('monday')).status).toMatchObject({
    readyToUse: true,
    restoreSize: '1Gi',
  });
  writeFileSync(join(path, 'greeting'), 'goodbye');

  await cluster.claim('restored', { storageClassName, from: { kind: 'VolumeSnapshot', name: 'monday' } });
  await cluster.claim('cloned', { storageClassName, from: { kind: 'PersistentVolumeClaim', name: 'source' } });
  await cluster.pod('reader', ['restored', 'cloned']);
  expect(readFileSync(join(await folder('restored'), 'greeting'), 'utf8')).toBe('hello');
  expect(readFileSync(join(await folder('cloned'), 'greeting'), 'utf8')).toBe('goodbye');
});

test('a snapshot that is deleted takes its content along, unless the content is retained', async () => {
  await cluster.claim('kept', { storageClassName });
  await cluster.pod('keeper', ['kept']);
  await cluster.bound('kept');
  await cluster.snapshot('tuesday', { persistentVolumeClaimName: 'kept' }, 'local-path');
  await eventually(async () => (await snapshotOf('tuesday')).status?.readyToUse).toBe(true);
  const content = await contentOf('tuesday');
  const copy = join(dataDir, 'storage', 'snapshots', content.status?.snapshotHandle ?? '');
  expect(existsSync(copy)).toBe(true);
  await cluster.delete(snapshotRefs.snapshots, 'tuesday');
  await eventually(() => cluster.find(snapshotRefs.contents, content.metadata.name)).toBeUndefined();
  await eventually(() => cluster.find(snapshotRefs.snapshots, 'tuesday')).toBeUndefined();
  expect(existsSync(copy)).toBe(false);

  await cluster.snapshot('wednesday', { persistentVolumeClaimName: 'kept' });
  await eventually(async () => (await snapshotOf('wednesday')).status?.readyToUse).toBe(true);
  const retained = await contentOf('wednesday');
  const body = { spec: { deletionPolicy: 'Retain' } };
  await cluster.client.patch(snapshotRefs.contents, undefined, retained.metadata.name, { type: 'merge', body });
  await cluster.delete(snapshotRefs.snapshots, 'wednesday');
  await eventually(() => cluster.find(snapshotRefs.snapshots, 'wednesday')).toBeUndefined();
  expect(await cluster.find(snapshotRefs.contents, retained.metadata.name)).toBeDefined();
});

test.each([
  {
    why: 'a claim that is not there',
    name: 'of-nothing',
    source: { persistentVolumeClaimName: 'nothing' },
    says: /cannot find the persistent volume claim/,
  },
  {
    why: 'a content that is not there',
    name: 'of-nowhere',
    source: { volumeSnapshotContentName: 'nowhere' },
    says: /VolumeSnapshotContent is missing/,
  },
])('a snapshot says what is missing: $why', async ({ name, source, says }) => {
  await cluster.snapshot(name, source);
  await eventually(async () => (await snapshotOf(name)).status?.error?.message).toMatch(says);
});

test('a snapshot has one source', async () => {
  const both = { persistentVolumeClaimName: 'a', volumeSnapshotContentName: 'b' };
  await expect(cluster.snapshot('both', both)).rejects.toMatchObject({ reason: 'Invalid' });
});

test('a claim cannot be smaller than what it starts with', async () => {
  await cluster.claim('large', { storageClassName: 'simulated', storage: '5Gi' });
  await cluster.bound('large');
  await cluster.claim('small', {
    storageClassName: 'simulated',
    from: { kind: 'PersistentVolumeClaim', name: 'large' },
  });
  await cluster.event('small', 'ProvisioningFailed', /new PVC request must be greater than or equal in size/);
});
