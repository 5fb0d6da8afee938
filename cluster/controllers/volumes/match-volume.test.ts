import { expect, test } from 'vitest';
import { keeperOf } from './claim-retention-controller.ts';
import { LocalPathStorage } from './local-path-storage.ts';
import { matchVolume, mismatch } from './match-volume.ts';
import type { Claim, Volume } from './storage-kinds.ts';

const claim = (spec: Partial<Claim['spec']> = {}): Claim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop', uid: 'u' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'c', ...spec },
});
const volume = (name: string, spec: Partial<Volume['spec']> = {}, phase = 'Available'): Volume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, labels: { disk: name } },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'c', ...spec },
  status: { phase },
});
const on = (node: string): Partial<Volume['spec']> => {
  const values = [node];
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values }];
  return { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } };
};
const big = { capacity: { storage: '5Gi' } };
const node = { name: 'a', labels: { 'kubernetes.io/hostname': 'a' } };

test.each([
  { why: 'the smallest that is large enough', volumes: [volume('big', big), volume('fits')], is: 'fits' },
  { why: 'none that is too small', volumes: [volume('small', { capacity: { storage: '1Mi' } })], is: undefined },
  { why: 'none of another class', volumes: [volume('other', { storageClassName: 'other' })], is: undefined },
  { why: 'none of another mode', volumes: [volume('block', { volumeMode: 'Block' })], is: undefined },
  {
    why: 'none that cannot do what is asked',
    volumes: [volume('reads', { accessModes: ['ReadOnlyMany'] })],
    is: undefined,
  },
  {
    why: 'rather one that can do just that',
    volumes: [volume('more', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }), volume('same', big)],
    is: 'same',
  },
  {
    why: 'none that is taken',
    volumes: [volume('taken', { claimRef: { namespace: 'shop', name: 'other' } })],
    is: undefined,
  },
  { why: 'none that has had a claim', volumes: [volume('used', {}, 'Released')], is: undefined },
  {
    why: 'the one reserved for it, even if another is smaller',
    volumes: [volume('free'), volume('mine', { ...big, claimRef: { namespace: 'shop', name: 'data' } })],
    is: 'mine',
  },
  {
    why: 'none reserved for an earlier claim of the name',
    volumes: [volume('old', { claimRef: { namespace: 'shop', name: 'data', uid: 'older' } })],
    is: undefined,
  },
  {
    why: 'one its selector picks',
    spec: { selector: { matchLabels: { disk: 'b' } } },
    volumes: [volume('a'), volume('b')],
    is: 'b',
  },
  {
    why: 'none yet, when the claim waits for its pod',
    options: { isDelayed: true },
    volumes: [volume('free')],
    is: undefined,
  },
  {
    why: 'one that the node of the pod reaches',
    options: { isDelayed: true, node },
    volumes: [volume('far', on('b')), volume('near', { ...on('a'), ...big })],
    is: 'near',
  },
])('a claim gets $why', ({ volumes, is, spec, options }) => {
  expect(matchVolume(claim(spec), volumes, options)?.metadata.name).toBe(is);
});

test.each([
  { why: 'too small', of: volume('v', { capacity: { storage: '1Mi' } }), is: 'requested PV is too small' },
  { why: 'class', of: volume('v', { storageClassName: 'x' }), is: 'storageClassName does not match' },
  { why: 'mode', of: volume('v', { volumeMode: 'Block' }), is: 'incompatible volumeMode' },
  { why: 'access', of: volume('v', { accessModes: [] }), is: 'incompatible accessMode' },
  { why: 'nothing', of: volume('v'), is: undefined },
])('what keeps a named volume from a claim: $why', ({ of, is }) => {
  expect(mismatch(of, claim())).toBe(is);
});

const [retain, remove] = ['Retain', 'Delete'];
test.each([
  { whenDeleted: retain, whenScaled: retain, ordinal: 5, is: 'nobody', why: 'kept in any case' },
  { whenDeleted: remove, whenScaled: retain, ordinal: 5, is: 'set', why: 'goes with the set only' },
  { whenDeleted: retain, whenScaled: remove, ordinal: 5, is: 'pod', why: 'goes when the set shrinks' },
  { whenDeleted: retain, whenScaled: remove, ordinal: 0, is: 'nobody', why: 'is still needed' },
  { whenDeleted: remove, whenScaled: remove, ordinal: 0, is: 'set', why: 'is still needed, and goes with the set' },
])('a claim of a stateful set: $why', ({ whenDeleted, whenScaled, ordinal, is }) => {
  const persistentVolumeClaimRetentionPolicy = { whenDeleted, whenScaled };
  const spec = { replicas: 2, persistentVolumeClaimRetentionPolicy };
  expect(keeperOf({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 's' }, spec }, ordinal)).toBe(is);
});

test.each(['../etc', 'a/b', '..', '', 'a..b', '/etc'])(
  'no name leads out of the folder of local volumes: %j',
  async (name) => {
    const storage = new LocalPathStorage('/nowhere');
    await expect(storage.removeSnapshot(name)).rejects.toMatchObject({ reason: 'Invalid' });
  },
);
