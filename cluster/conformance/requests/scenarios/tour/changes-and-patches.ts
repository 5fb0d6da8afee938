import type { ClusterObject } from '../../../../client.ts';
import type { Seen, Step } from '../../transcript.ts';
import { configMap } from '../probe-objects.ts';
import { deployments, maps, otherUid, space } from './places.ts';

const c1 = `${maps}/c1`;
const d1 = `${deployments}/d1`;

/** The object an earlier answer was, with other fields. */
const changed =
  (name: string, change: (object: ClusterObject) => object) =>
  (seen: Seen): object =>
    change(seen[name]?.body as ClusterObject); // the step reads an object
const withMetadata = (object: ClusterObject, metadata: object): object => ({
  ...object,
  metadata: { ...object.metadata, ...metadata },
});

/** Replacements, preconditions, generation, what a status may change, and scale. */
const changes: readonly Step[] = [
  ['stored', `GET ${c1}`],
  ['put.noop', `PUT ${c1}`, changed('stored', (object) => object)],
  ['put.noop.samerv', 'SAME stored put.noop'],
  [
    'put.stale',
    `PUT ${c1}`,
    changed('stored', (object) => withMetadata({ ...object, data: { a: '2' } }, { resourceVersion: '1' })),
  ],
  ['put.norv', `PUT ${c1}`, configMap('c1', { a: '3' })],
  ['put.missing', `PUT ${maps}/nope`, configMap('nope')],
  ['put.name.mismatch', `PUT ${c1}`, configMap('other')],
  ['put.uid.mismatch', `PUT ${c1}`, configMap('c1', {}, { uid: otherUid })],
  ['put.badrv', `PUT ${c1}`, configMap('c1', {}, { resourceVersion: 'abc' })],
  ['gen.0', `GET ${d1}`],
  ['dep.label', `MERGE ${d1}`, { metadata: { labels: { z: '1' } } }],
  ['gen.after.label', `GET ${d1}`],
  ['dep.spec', `MERGE ${d1}`, { spec: { minReadySeconds: 1 } }],
  ['gen.after.spec', `GET ${d1}`],
  ['dep.put.status', `PUT ${d1}`, changed('gen.after.spec', (object) => ({ ...object, status: { replicas: 9 } }))],
  ['status.ignored', `GET ${d1}`],
  [
    'dep.status.put',
    `PUT ${d1}/status`,
    changed('gen.after.spec', (object) => ({
      ...withMetadata(object, { resourceVersion: undefined, labels: { changed: 'x' } }),
      spec: { ...(object.spec as object), replicas: 5 }, // a deployment has one
      status: { replicas: 3, observedGeneration: 2 },
    })),
  ],
  ['status.only', `GET ${d1}`],
  ['dep.immutable', `MERGE ${d1}`, { spec: { selector: { matchLabels: { q: 'r' } } } }],
  ['scale.get', `GET ${d1}/scale`],
  [
    'scale.put',
    `PUT ${d1}/scale`,
    { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd1', namespace: space }, spec: { replicas: 0 } },
  ],
  ['scale.patch', `MERGE ${d1}/scale`, { spec: { replicas: 0 } }],
];

const operations = [
  { op: 'test', path: '/data/b', value: '2' },
  { op: 'add', path: '/data/c', value: '3' },
  { op: 'copy', from: '/data/c', path: '/data/d' },
  { op: 'move', from: '/data/d', path: '/data/e' },
  { op: 'remove', path: '/data/b' },
];
const inPod = (spec: object): object => ({ spec: { template: { spec } } });
const variable = (name: string, value: string): object => ({ name, value });

/** Every kind of patch, with its directives. */
const patches: readonly Step[] = [
  ['patch.badtype', `PATCH ${c1}`, { data: {} }, { 'content-type': 'application/json' }],
  ['patch.missing', `MERGE ${maps}/nope`, { data: {} }],
  ['patch.merge.null', `MERGE ${c1}`, { data: { a: null, b: '2' } }],
  ['patch.merge.arr', `MERGE ${c1}`, [1]],
  ['patch.jp', `JSON ${c1}`, operations],
  ['patch.jp.testfail', `JSON ${c1}`, [{ op: 'test', path: '/data/c', value: 'no' }]],
  ['patch.jp.nopath', `JSON ${c1}`, [{ op: 'remove', path: '/data/zz' }]],
  ['patch.jp.bad', `JSON ${c1}`, { a: 1 }],
  [
    'patch.strat.list',
    `STRATEGIC ${d1}`,
    inPod({
      containers: [
        { name: 'c', env: [variable('A', '1'), variable('B', '2')] },
        { name: 'side', image: 'y' },
      ],
    }),
  ],
  [
    'patch.strat.del',
    `STRATEGIC ${d1}`,
    inPod({
      containers: [
        { name: 'side', $patch: 'delete' },
        { name: 'c', env: [{ $patch: 'delete', name: 'A' }] },
      ],
    }),
  ],
  [
    'patch.strat.order',
    `STRATEGIC ${d1}`,
    inPod({
      '$setElementOrder/containers': [{ name: 'n' }, { name: 'c' }],
      containers: [{ name: 'n', image: 'z' }],
    }),
  ],
  [
    'patch.strat.replace',
    `STRATEGIC ${d1}`,
    inPod({ containers: [{ $patch: 'replace' }, { name: 'only', image: 'q' }] }),
  ],
  ['patch.strat.retainkeys', `STRATEGIC ${d1}`, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }],
  ['patch.strat.delprim', `STRATEGIC ${c1}`, { metadata: { finalizers: ['x.example.com/a', 'x.example.com/b'] } }],
  [
    'patch.strat.delprim2',
    `STRATEGIC ${c1}`,
    { metadata: { '$deleteFromPrimitiveList/finalizers': ['x.example.com/a'] } },
  ],
  ['patch.rv.conflict', `MERGE ${c1}`, { metadata: { resourceVersion: '1' }, data: { x: 'y' } }],
  ['patch.dry', `MERGE ${c1}?dryRun=All`, { data: { dry: '1' } }],
];

export const changesAndPatches: readonly Step[] = [...changes, ...patches];
