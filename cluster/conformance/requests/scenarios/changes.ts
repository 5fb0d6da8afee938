import type { ClusterObject } from '../../../client.ts';
import type { Seen, Step } from '../transcript.ts';
import { apps, configMap, core, space } from './probe-objects.ts';

const c1 = `${core}/configmaps/c1`;
const d1 = `${apps}/deployments/d1`;

/** The object an earlier answer was. */
const seenObject = (seen: Seen, name: string): ClusterObject => seen[name]?.body as ClusterObject; // the step reads an object

const otherUid = '11111111-1111-1111-1111-111111111111';
const scale = (replicas: number): object => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'd1', namespace: space },
  spec: { replicas },
});
const podPatch = (spec: object): object => ({ spec: { template: { spec } } });

/** Replacing, preconditions, generation, parts, and all kinds of patches. */
export const changes: readonly Step[] = [
  ['stored', `GET ${c1}`],
  ['put.same', `PUT ${c1}`, (seen: Seen) => seenObject(seen, 'stored')],
  [
    'put.stale',
    `PUT ${c1}`,
    (seen: Seen) => {
      const object = seenObject(seen, 'stored');
      return { ...object, data: { a: '2' }, metadata: { ...object.metadata, resourceVersion: '1' } };
    },
  ],
  ['put.no-version', `PUT ${c1}`, configMap('c1', { a: '3' })],
  ['put.missing', `PUT ${core}/configmaps/nope`, configMap('nope')],
  ['put.other-name', `PUT ${c1}`, configMap('other')],
  ['put.other-uid', `PUT ${c1}`, configMap('c1', {}, { uid: otherUid })],
  ['put.bad-version', `PUT ${c1}`, configMap('c1', {}, { resourceVersion: 'abc' })],
  ['put.dry', `PUT ${c1}?dryRun=All`, configMap('c1', { dry: '1' })],
  ['generation.label', `MERGE ${d1}`, { metadata: { labels: { z: '1' } } }],
  ['generation.spec', `MERGE ${d1}`, { spec: { minReadySeconds: 1 } }],
  ['before-status', `GET ${d1}`],
  [
    'status.through-main',
    `PUT ${d1}`,
    (seen: Seen) => ({ ...seenObject(seen, 'before-status'), status: { replicas: 9 } }),
  ],
  [
    'status',
    `PUT ${d1}/status`,
    (seen: Seen) => {
      const object = seenObject(seen, 'before-status');
      const spec = { ...(object.spec as object), replicas: 5 }; // a deployment has one
      const metadata = { ...object.metadata, resourceVersion: undefined, labels: { changed: 'x' } };
      return { ...object, metadata, spec, status: { replicas: 3, observedGeneration: 2 } };
    },
  ],
  ['immutable', `MERGE ${d1}`, { spec: { selector: { matchLabels: { q: 'r' } } } }],
  ['scale', `GET ${d1}/scale`],
  ['scale.put', `PUT ${d1}/scale`, scale(0)],
  ['scale.patch', `MERGE ${d1}/scale`, { spec: { replicas: 0 } }],
  ['scale.up', `MERGE ${d1}/scale?fieldManager=scaler`, { spec: { replicas: 2 } }],
  ['scale.owners', `GET ${d1}`],
  ['scale.negative', `MERGE ${d1}/scale`, { spec: { replicas: -1 } }],
  ['scale.down', `MERGE ${d1}/scale`, { spec: { replicas: 0 } }],
  ['patch.unknown-type', `PATCH ${c1}`, { data: {} }, { 'content-type': 'application/json' }],
  ['patch.missing', `MERGE ${core}/configmaps/nope`, { data: {} }],
  ['merge.null', `MERGE ${c1}`, { data: { a: null, b: '2' } }],
  ['merge.list', `MERGE ${c1}`, [1]],
  [
    'merge.nested',
    `MERGE ${d1}?dryRun=All`,
    podPatch({ containers: [{ name: 'c', image: 'y', env: [{ name: 'A' }] }] }),
  ],
  [
    'json',
    `JSON ${c1}`,
    [
      { op: 'test', path: '/data/b', value: '2' },
      { op: 'add', path: '/data/c', value: '3' },
      { op: 'copy', from: '/data/c', path: '/data/d' },
      { op: 'move', from: '/data/d', path: '/data/e' },
      { op: 'remove', path: '/data/b' },
    ],
  ],
  ['json.test-fails', `JSON ${c1}`, [{ op: 'test', path: '/data/c', value: 'no' }]],
  ['json.no-path', `JSON ${c1}`, [{ op: 'remove', path: '/data/zz' }]],
  ['json.no-list', `JSON ${c1}`, { a: 1 }],
  ['json.unknown-operation', `JSON ${c1}`, [{ op: 'turn', path: '/data/c' }]],
  [
    'json.escapes',
    `JSON ${c1}`,
    [
      { op: 'add', path: '/metadata/annotations', value: { 'a.b/c': '1' } },
      { op: 'replace', path: '/metadata/annotations/a.b~1c', value: '2' },
    ],
  ],
  [
    'json.list-item',
    `JSON ${d1}?dryRun=All`,
    [
      { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'last', image: 'z' } },
      { op: 'add', path: '/spec/template/spec/containers/0', value: { name: 'first', image: 'z' } },
    ],
  ],
  ['json.beyond-list', `JSON ${d1}`, [{ op: 'add', path: '/spec/template/spec/containers/7', value: {} }]],
  [
    'strategic.list',
    `STRATEGIC ${d1}`,
    podPatch({
      containers: [
        {
          name: 'c',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'side', image: 'y' },
      ],
    }),
  ],
  [
    'strategic.delete',
    `STRATEGIC ${d1}`,
    podPatch({
      containers: [
        { name: 'side', $patch: 'delete' },
        { name: 'c', env: [{ $patch: 'delete', name: 'A' }] },
      ],
    }),
  ],
  [
    'strategic.order',
    `STRATEGIC ${d1}`,
    podPatch({
      '$setElementOrder/containers': [{ name: 'n' }, { name: 'c' }],
      containers: [{ name: 'n', image: 'z' }],
    }),
  ],
  [
    'strategic.replace',
    `STRATEGIC ${d1}`,
    podPatch({ containers: [{ $patch: 'replace' }, { name: 'only', image: 'q' }] }),
  ],
  ['strategic.retain-keys', `STRATEGIC ${d1}`, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }],
  ['strategic.no-key', `STRATEGIC ${d1}`, podPatch({ containers: [{ image: 'q' }] })],
  ['strategic.unknown-directive', `STRATEGIC ${d1}`, podPatch({ containers: [{ name: 'only', $patch: 'turn' }] })],
  ['strategic.map-replace', `STRATEGIC ${c1}`, { metadata: { annotations: { $patch: 'replace', only: '1' } } }],
  ['strategic.finalizers', `STRATEGIC ${c1}`, { metadata: { finalizers: ['x.example.com/a', 'x.example.com/b'] } }],
  [
    'strategic.primitive',
    `STRATEGIC ${c1}`,
    { metadata: { '$deleteFromPrimitiveList/finalizers': ['x.example.com/a'] } },
  ],
  ['patch.stale', `MERGE ${c1}`, { metadata: { resourceVersion: '1' }, data: { x: 'y' } }],
  ['patch.dry', `MERGE ${c1}?dryRun=All`, { data: { dry: '1' } }],
  ['patch.unknown-field.strict', `MERGE ${d1}?fieldValidation=Strict`, { spec: { replicaz: 1 } }],
  ['patch.unknown-field', `MERGE ${d1}`, { spec: { replicaz: 1 } }],
  ['patch.name', `MERGE ${c1}`, { metadata: { name: 'other' } }],
];
