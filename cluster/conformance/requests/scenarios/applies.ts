import type { Step } from '../transcript.ts';
import { apps, configMap, core, deployment, space } from './probe-objects.ts';

const s1 = `${core}/configmaps/s1`;
const sd = `${apps}/deployments/sd`;
const named = (spec: object): object => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'sd' }, spec });
const withContainers = (...containers: object[]): object => named({ template: { spec: { containers } } });
const service = (ports: object[]): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'ssvc' },
  spec: { ports },
});

/** Server-side apply: who owns what, and who may take it. */
export const applies: readonly Step[] = [
  ['apply.no-manager', `APPLY ${s1}`, configMap('s1')],
  ['apply.create', `APPLY ${s1}?fieldManager=m1`, configMap('s1', { a: '1', b: '1' })],
  ['apply.same', `APPLY ${s1}?fieldManager=m1`, configMap('s1', { a: '1', b: '1' })],
  ['apply.dry', `APPLY ${s1}?fieldManager=m1&dryRun=All`, configMap('s1', { a: '7' })],
  ['apply.conflict', `APPLY ${s1}?fieldManager=m2`, configMap('s1', { a: '2', b: '2', c: '1' })],
  ['apply.share', `APPLY ${s1}?fieldManager=m2`, configMap('s1', { a: '1' })],
  ['apply.force', `APPLY ${s1}?fieldManager=m3&force=true`, configMap('s1', { b: '9' })],
  ['apply.drop', `APPLY ${s1}?fieldManager=m1`, configMap('s1', {})],
  [
    'apply.managed-fields',
    `APPLY ${s1}?fieldManager=m1`,
    configMap('s1', {}, { managedFields: [{ manager: 'x', operation: 'Apply' }] }),
  ],
  ['apply.other-name', `APPLY ${s1}?fieldManager=m1`, configMap('s2')],
  ['apply.other-namespace', `APPLY ${s1}?fieldManager=m1`, configMap('s1', {}, { namespace: 'other' })],
  ['apply.no-kind', `APPLY ${s1}?fieldManager=m1`, { metadata: { name: 's1' } }],
  ['apply.bad-yaml', `APPLY ${s1}?fieldManager=m1`, 'a: [1'],
  ['apply.update-takes', `MERGE ${s1}?fieldManager=upd`, { data: { b: '10' } }],
  ['apply.conflict-with-update', `APPLY ${s1}?fieldManager=m3`, configMap('s1', { b: '11' })],
  ['apply.forget', `MERGE ${s1}`, { metadata: { managedFields: [{}] } }],
  ['apply.deployment', `APPLY ${sd}?fieldManager=m1`, deployment('sd')],
  [
    'apply.list',
    `APPLY ${sd}?fieldManager=m2`,
    withContainers({ name: 'c', env: [{ name: 'E', value: '1' }] }, { name: 'two', image: 'i2' }),
  ],
  ['apply.list.conflict', `APPLY ${sd}?fieldManager=m3`, withContainers({ name: 'c', image: 'other' })],
  [
    'apply.list.force',
    `APPLY ${sd}?fieldManager=m3&force=true`,
    withContainers({
      name: 'c',
      image: 'other',
      ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }],
    }),
  ],
  [
    'apply.list.drop-item',
    `APPLY ${sd}?fieldManager=m3`,
    withContainers({ name: 'c', image: 'other', ports: [{ containerPort: 80 }] }),
  ],
  ['apply.list.drop', `APPLY ${sd}?fieldManager=m2`, named({})],
  ['apply.list.duplicate', `APPLY ${sd}?fieldManager=m2`, withContainers({ name: 'c' }, { name: 'c' })],
  ['apply.list.no-key', `APPLY ${sd}?fieldManager=m2`, withContainers({ image: 'x' })],
  [
    'apply.scale',
    `APPLY ${sd}/scale?fieldManager=scaler`,
    { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'sd', namespace: space }, spec: { replicas: 3 } },
  ],
  [
    'apply.scale.forced',
    `APPLY ${sd}/scale?fieldManager=scaler&force=true`,
    { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'sd', namespace: space }, spec: { replicas: 3 } },
  ],
  ['apply.scale.owners', `GET ${sd}`],
  ['apply.status', `APPLY ${sd}/status?fieldManager=st`, { ...deployment('sd'), status: { replicas: 1 } }],
  ['apply.unknown-field', `APPLY ${sd}?fieldManager=m2`, named({ nosuch: 1 })],
  ['apply.wrong-type', `APPLY ${sd}?fieldManager=m2`, named({ replicas: 'x' })],
  ['apply.service', `APPLY ${core}/services/ssvc?fieldManager=m1`, service([{ port: 80, name: 'a' }])],
  ['apply.service.port', `APPLY ${core}/services/ssvc?fieldManager=m2`, service([{ port: 81, name: 'b' }])],
  ['apply.service.drop', `APPLY ${core}/services/ssvc?fieldManager=m1`, service([])],
];
