import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refs } from '../../../reconcile/resource-refs.ts';
import { eventually } from '../../test/running-cluster.ts';
import { storageRefs } from '../storage-kinds.ts';
import { StorageCluster } from './storage-cluster.ts';

const { claims, volumes } = storageRefs;
let cluster: StorageCluster;
beforeAll(async () => {
  cluster = await StorageCluster.start();
});
afterAll(() => cluster.stop());

describe('volumes made by hand', () => {
  test('a claim gets the smallest volume that is large enough, with its marks', async () => {
    await cluster.volume('by-hand-5', { capacity: { storage: '5Gi' } });
    await cluster.volume('by-hand-2', { capacity: { storage: '2Gi' } });
    await cluster.claim('smallest', { storageClassName: 'manual' });
    const volume = await cluster.bound('smallest');
    expect(volume.metadata.name).toBe('by-hand-2');
    expect(volume.metadata.annotations).toMatchObject({ 'pv.kubernetes.io/bound-by-controller': 'yes' });
    const claim = await cluster.client.get(claims, cluster.namespace, 'smallest');
    expect(claim.metadata.annotations).toMatchObject({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    });
    expect(claim.status).toMatchObject({
      phase: 'Bound',
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '2Gi' },
    });
  });

  test('a volume is kept for the claim it names', async () => {
    await cluster.volume('kept', {
      storageClassName: 'kept',
      claimRef: { namespace: cluster.namespace, name: 'wanted' },
    });
    await cluster.claim('other', { storageClassName: 'kept' });
    await eventually(() => cluster.phase(volumes, 'kept')).toBe('Available');
    await cluster.claim('wanted', { storageClassName: 'kept' });
    expect((await cluster.bound('wanted')).metadata.name).toBe('kept');
    expect(await cluster.phase(claims, 'other')).toBe('Pending');
  });

  test('a retained volume is released when its claim goes, and a lost volume loses its claim', async () => {
    await cluster.volume('retained', { storageClassName: 'retained', persistentVolumeReclaimPolicy: 'Retain' });
    await cluster.claim('short', { storageClassName: 'retained' });
    await cluster.bound('short');
    await cluster.delete(claims, 'short');
    await eventually(() => cluster.phase(volumes, 'retained')).toBe('Released');

    await cluster.volume('lost', { storageClassName: 'lost' });
    await cluster.claim('losing', { storageClassName: 'lost' });
    await cluster.bound('losing');
    await cluster.delete(volumes, 'lost');
    await cluster.client
      .patch(volumes, undefined, 'lost', { type: 'merge', body: { metadata: { finalizers: null } } })
      .catch(() => undefined);
    await eventually(() => cluster.phase(claims, 'losing')).toBe('Lost');
    await cluster.event(
      'losing',
      'ClaimLost',
      'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    );
  });

  test('a volume that cannot be deleted says why, a folder for tests just goes', async () => {
    const paths = { deep: '/var/deep', flat: '/tmp/flat' };
    for (const [name, path] of Object.entries(paths)) {
      await cluster.volume(name, {
        storageClassName: name,
        persistentVolumeReclaimPolicy: 'Delete',
        hostPath: { path },
      });
      await cluster.claim(`of-${name}`, { storageClassName: name });
      await cluster.bound(`of-${name}`);
      await cluster.delete(claims, `of-${name}`);
    }
    await eventually(() => cluster.phase(volumes, 'flat')).toBe('gone');
    await eventually(() => cluster.phase(volumes, 'deep')).toBe('Failed');
    const message = 'host_path deleter only supports /tmp/.+ but received provided /var/deep';
    expect((await cluster.client.get(volumes, undefined, 'deep')).status).toMatchObject({ message });
  });

  test.each([
    {
      why: 'no class',
      name: 'classless',
      spec: { storageClassName: '' },
      reason: 'FailedBinding',
      message: 'no persistent volumes available for this claim and no storage class is set',
    },
    {
      why: 'a class that is not there',
      name: 'unclassed',
      spec: { storageClassName: 'nowhere' },
      reason: 'ProvisioningFailed',
      message: 'storageclass.storage.k8s.io "nowhere" not found',
    },
    {
      why: 'a class that waits',
      name: 'patient',
      spec: { storageClassName: 'local-path' },
      reason: 'WaitForFirstConsumer',
      message: 'waiting for first consumer to be created before binding',
    },
    {
      why: 'a volume of another class',
      name: 'mismatched',
      spec: { storageClassName: '', volumeName: 'odd' },
      reason: 'VolumeMismatch',
      message: 'Cannot bind to requested volume "odd": storageClassName does not match',
    },
  ])('a claim says why it waits: $why', async ({ name, spec, reason, message }) => {
    if (name === 'mismatched') await cluster.volume('odd', { storageClassName: 'odd' });
    await cluster.claim(name, { spec });
    await cluster.event(name, reason, message);
    expect(await cluster.phase(claims, name)).toBe('Pending');
  });
});

describe('volumes made for claims', () => {
  test('without a class the default one makes it, and it goes with its claim', async () => {
    await cluster.claim('plain');
    const volume = await cluster.bound('plain');
    expect(volume.spec).toMatchObject({
      storageClassName: 'simulated',
      persistentVolumeReclaimPolicy: 'Delete',
      csi: { driver: 'simulated.volume.cluster.local', volumeAttributes: { simulated: 'true' } },
    });
    await cluster.event('plain', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
    await cluster.delete(claims, 'plain');
    await eventually(() => cluster.phase(volumes, volume.metadata.name)).toBe('gone');
  });

  test('a claim that asks for more gets it', async () => {
    await cluster.claim('growing');
    const { metadata } = await cluster.bound('growing');
    const body = { spec: { resources: { requests: { storage: '3Gi' } } } };
    await cluster.client.patch(claims, cluster.namespace, 'growing', { type: 'merge', body });
    await eventually(async () => (await cluster.client.get(claims, cluster.namespace, 'growing')).status).toMatchObject(
      {
        capacity: { storage: '3Gi' },
      },
    );
    expect((await cluster.client.get(volumes, undefined, metadata.name)).spec).toMatchObject({
      capacity: { storage: '3Gi' },
    });
  });

  test('volumes that live with their pod come and go with it', async () => {
    const volumeClaimTemplate = {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    await cluster.pod('scratchy', [], { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate } }] });
    const { metadata } = await cluster.bound('scratchy-scratch');
    await eventually(() => cluster.phase(refs.pods, 'scratchy')).toBe('Running');
    await cluster.delete(refs.pods, 'scratchy');
    await eventually(() => cluster.phase(claims, 'scratchy-scratch')).toBe('gone');
    await eventually(() => cluster.phase(volumes, metadata.name)).toBe('gone');
  });

  test('stateful sets get a claim a pod', async () => {
    const labels = { app: 'db' };
    await cluster.client.create(refs.statefulSets, {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: cluster.namespace },
      spec: {
        replicas: 2,
        serviceName: 'db',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'db:1' }] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
      },
    });
    await cluster.bound('data-db-0');
    await cluster.bound('data-db-1');
    await eventually(() => cluster.phase(refs.pods, 'db-1')).toBe('Running');
    const scaled = { spec: { replicas: 1 } };
    await cluster.client.patch(refs.statefulSets, cluster.namespace, 'db', { type: 'merge', body: scaled });
    await eventually(() => cluster.phase(claims, 'data-db-1')).toBe('gone');
    expect(await cluster.phase(claims, 'data-db-0')).toBe('Bound');
    await cluster.delete(refs.statefulSets, 'db');
    await eventually(() => cluster.phase(claims, 'data-db-0')).toBe('gone');
  });
});
