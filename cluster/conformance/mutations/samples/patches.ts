import type { Json } from '../../../apiserver/schema/schema.ts';

/** One patch of the sample with the title. */
export interface PatchProbe {
  readonly sample: string;
  readonly note: string;
  readonly type: 'strategic-merge' | 'merge' | 'json';
  readonly patch: Json;
}

const first = '/spec/template/spec/containers/0';

const strategic: readonly (readonly [note: string, patch: Json])[] = [
  ['image by name', { spec: { template: { spec: { containers: [{ name: 'c', image: 'x' }] } } } }],
  ['another container', { spec: { template: { spec: { containers: [{ name: 'd', image: 'x' }] } } } }],
  ['container without a name', { spec: { template: { spec: { containers: [{ image: 'x' }] } } } }],
  ['delete a container', { spec: { template: { spec: { containers: [{ name: 'c', $patch: 'delete' }] } } } }],
  ['replace containers', { spec: { template: { spec: { containers: [{ $patch: 'replace' }, { name: 'e', image: 'x' }] } } } }],
  [
    'env and ports',
    {
      spec: {
        template: {
          spec: { containers: [{ name: 'c', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }, { containerPort: 81 }] }] },
        },
      },
    },
  ],
  [
    'order of containers',
    { spec: { template: { spec: { $setElementOrder: null, '$setElementOrder/containers': [{ name: 'd' }, { name: 'c' }], containers: [{ name: 'd', image: 'x' }] } } } },
  ],
  ['primitive list', { metadata: { finalizers: ['a.com/b'] } }],
  ['delete from a primitive list', { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.com/b'] } }],
  ['unknown directive', { spec: { $patch: 'nonsense' } }],
  ['replace the strategy', { spec: { strategy: { $patch: 'replace', type: 'Recreate' } } }],
  ['keep some keys of the strategy', { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }],
  ['Recreate with rolling update left', { spec: { strategy: { type: 'Recreate' } } }],
  ['null label', { metadata: { labels: { a: null } } }],
  ['wrong type', { spec: { replicas: 'many' } }],
  ['unknown field', { spec: { zzz: 1 } }],
  ['text for an object', { spec: 'x' }],
  ['list for an object', []],
];

const merge: readonly (readonly [note: string, patch: Json])[] = [
  ['containers anew', { spec: { template: { spec: { containers: [{ name: 'd', image: 'x' }] } } } }],
  ['no containers', { spec: { template: { spec: { containers: null } } } }],
  ['no selector', { spec: { selector: null } }],
  ['other selector', { spec: { selector: { matchLabels: { a: 'c' } } } }],
  ['other name', { metadata: { name: 'n' } }],
  ['other namespace', { metadata: { namespace: 'n' } }],
  ['other uid', { metadata: { uid: 'u' } }],
  ['old resource version', { metadata: { resourceVersion: '1' } }],
  ['broken resource version', { metadata: { resourceVersion: 'x' } }],
  ['other kind', { kind: 'Other' }],
  ['other version', { apiVersion: 'apps/v9' }],
  ['negative replicas', { spec: { replicas: -1 } }],
  ['status', { status: { replicas: 5 } }],
  ['deletion time', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ['generation', { metadata: { generation: 9 } }],
  ['bad label', { metadata: { labels: { 'a b': 'c' } } }],
  ['bad annotation', { metadata: { annotations: { 'a b': 'c' } } }],
  ['number for a label', { metadata: { labels: { a: 1 } } }],
  ['nothing', {}],
  ['text', 'x'],
];

const json: readonly (readonly [note: string, patch: Json])[] = [
  ['replace an image', [{ op: 'replace', path: `${first}/image`, value: 'x' }]],
  ['add a variable', [{ op: 'add', path: `${first}/env`, value: [{ name: 'A', value: '1' }] }]],
  ['append to no list', [{ op: 'add', path: `${first}/env/-`, value: { name: 'A' } }]],
  ['append a container', [{ op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'd', image: 'x' } }]],
  ['insert a container', [{ op: 'add', path: '/spec/template/spec/containers/0', value: { name: 'd', image: 'x' } }]],
  ['insert beyond the end', [{ op: 'add', path: '/spec/template/spec/containers/7', value: { name: 'd', image: 'x' } }]],
  ['remove a container', [{ op: 'remove', path: first }]],
  ['remove what is not there', [{ op: 'remove', path: '/spec/nothing' }]],
  ['replace what is not there', [{ op: 'replace', path: '/spec/nothing', value: 1 }]],
  ['test that holds', [{ op: 'test', path: `${first}/name`, value: 'c' }]],
  ['test that fails', [{ op: 'test', path: `${first}/name`, value: 'd' }]],
  ['copy', [{ op: 'copy', from: '/metadata/name', path: `${first}/image` }]],
  ['move', [{ op: 'move', from: `${first}/image`, path: `${first}/workingDir` }]],
  ['move from nowhere', [{ op: 'move', from: '/spec/nothing', path: '/spec/replicas' }]],
  ['no such operation', [{ op: 'melt', path: '/spec' }]],
  ['no path', [{ op: 'add', value: 1 }]],
  ['path without a slash', [{ op: 'add', path: 'spec', value: {} }]],
  ['escaped key', [{ op: 'add', path: '/metadata/annotations', value: { 'a.com/b': 'c' } }, { op: 'replace', path: '/metadata/annotations/a.com~1b', value: 'd' }]],
  ['wrong type', [{ op: 'replace', path: '/spec/replicas', value: 'many' }]],
  ['object for a list', { op: 'add' }],
  ['nothing', []],
];

const onService: readonly PatchProbe[] = [
  { sample: 'Service two', note: 'port by number', type: 'strategic-merge', patch: { spec: { ports: [{ port: 80, targetPort: 8080 }] } } },
  { sample: 'Service two', note: 'another port', type: 'strategic-merge', patch: { spec: { ports: [{ name: 'c', port: 82 }] } } },
  { sample: 'Service two', note: 'delete a port', type: 'strategic-merge', patch: { spec: { ports: [{ port: 80, $patch: 'delete' }] } } },
  { sample: 'Service two', note: 'to ClusterIP', type: 'merge', patch: { spec: { type: 'ClusterIP' } } },
  { sample: 'Service two', note: 'to ExternalName', type: 'merge', patch: { spec: { type: 'ExternalName', externalName: 'a.b', clusterIP: null, clusterIPs: null } } },
  { sample: 'Service two', note: 'no cluster IP', type: 'merge', patch: { spec: { clusterIP: null } } },
  { sample: 'Service two', note: 'to headless', type: 'merge', patch: { spec: { clusterIP: 'None' } } },
  { sample: 'Service external', note: 'to ClusterIP', type: 'merge', patch: { spec: { type: 'ClusterIP', externalName: null, ports: [{ port: 80 }] } } },
  { sample: 'Service', note: 'to LoadBalancer', type: 'merge', patch: { spec: { type: 'LoadBalancer' } } },
  { sample: 'Service', note: 'to NodePort', type: 'merge', patch: { spec: { type: 'NodePort' } } },
  { sample: 'ConfigMap immutable', note: 'other data', type: 'merge', patch: { data: { a: '2' } } },
  { sample: 'ConfigMap immutable', note: 'mutable again', type: 'merge', patch: { immutable: false } },
  { sample: 'PersistentVolumeClaim', note: 'more storage', type: 'merge', patch: { spec: { resources: { requests: { storage: '2Gi' } } } } },
  { sample: 'PersistentVolumeClaim', note: 'less storage', type: 'merge', patch: { spec: { resources: { requests: { storage: '1Mi' } } } } },
  { sample: 'Pod', note: 'another toleration', type: 'strategic-merge', patch: { spec: { tolerations: [{ key: 'x', operator: 'Exists' }] } } },
  { sample: 'Pod', note: 'deadline', type: 'merge', patch: { spec: { activeDeadlineSeconds: 5 } } },
];

/** What is sent as PATCH, as a dry run, to objects that exist. */
export const patchProbes: readonly PatchProbe[] = [
  ...strategic.map(([note, patch]) => ({ sample: 'Deployment', note, type: 'strategic-merge' as const, patch })),
  ...merge.map(([note, patch]) => ({ sample: 'Deployment', note, type: 'merge' as const, patch })),
  ...json.map(([note, patch]) => ({ sample: 'Deployment', note, type: 'json' as const, patch })),
  ...onService,
];
