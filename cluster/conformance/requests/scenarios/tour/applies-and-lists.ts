import type { Step } from '../../transcript.ts';
import { asTable, configMap } from '../probe-objects.ts';
import { asMetadata, asMetadataList, core, deployment, deployments, maps, space } from './places.ts';

const s1 = `${maps}/s1`;
const sd = `${deployments}/sd`;
const of = (spec: object): object => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'sd' }, spec });

/** Server-side apply of a map, and of a deployment's lists. */
const applies: readonly Step[] = [
  ['ssa.nomanager', `APPLY ${s1}`, configMap('s1')],
  ['ssa.create', `APPLY ${s1}?fieldManager=m1`, configMap('s1', { a: '1', b: '1' })],
  ['ssa.same', `APPLY ${s1}?fieldManager=m1`, configMap('s1', { a: '1', b: '1' })],
  ['ssa.conflict', `APPLY ${s1}?fieldManager=m2`, configMap('s1', { a: '2', b: '2', c: '1' })],
  ['ssa.share', `APPLY ${s1}?fieldManager=m2`, configMap('s1', { a: '1' })],
  ['ssa.force', `APPLY ${s1}?fieldManager=m3&force=true`, configMap('s1', { b: '9' })],
  ['ssa.drop', `APPLY ${s1}?fieldManager=m1`, configMap('s1', {})],
  [
    'ssa.managedset',
    `APPLY ${s1}?fieldManager=m1`,
    configMap('s1', {}, { managedFields: [{ manager: 'x', operation: 'Apply' }] }),
  ],
  ['ssa.nameMismatch', `APPLY ${s1}?fieldManager=m1`, configMap('s2')],
  ['ssa.update.steals', `MERGE ${s1}?fieldManager=upd`, { data: { b: '10' } }],
  ['ssa.conflict.update', `APPLY ${s1}?fieldManager=m3`, configMap('s1', { b: '11' })],
  ['ssa.clear', `MERGE ${s1}`, { metadata: { managedFields: [{}] } }],
  ['ssa.dep', `APPLY ${sd}?fieldManager=m1`, deployment('sd')],
  [
    'ssa.dep.list',
    `APPLY ${sd}?fieldManager=m2`,
    of({
      template: {
        spec: {
          containers: [
            { name: 'c', env: [{ name: 'E', value: '1' }] },
            { name: 'two', image: 'i2' },
          ],
        },
      },
    }),
  ],
  ['ssa.dep.drop', `APPLY ${sd}?fieldManager=m2`, of({})],
  ['ssa.bad', `APPLY ${sd}?fieldManager=m2`, of({ nosuch: 1 })],
];

const group = (index: number): string => (index % 2 ? 'odd' : 'even');
const listed = [0, 1, 2, 3, 4, 5, 6].map((index): Step => [
  '',
  `POST ${maps}`,
  configMap(`l${index}`, { i: String(index) }, { labels: { grp: group(index), n: String(index) } }),
]);

const queries = [
  'labelSelector=grp',
  'labelSelector=grp%3Dodd',
  'labelSelector=grp%3D%3Dodd',
  'labelSelector=grp!%3Dodd',
  'labelSelector=!grp',
  'labelSelector=grp%20in%20(odd)',
  'labelSelector=n%20in%20(1,2),grp',
  'labelSelector=n%20notin%20(1,2),grp',
  'labelSelector=n%20%3E%203',
  'labelSelector=n%20%3C%203',
  'labelSelector=grp%3D',
  'labelSelector=grp%3Dodd,',
  'labelSelector=%3D',
  'labelSelector=a%20b',
  'labelSelector=n%20in%20()',
  'fieldSelector=metadata.name%3Dl1',
  `fieldSelector=metadata.name!%3Dl1,metadata.namespace%3D${space}`,
  'fieldSelector=metadata.name%3D%3Dl2',
  'fieldSelector=data.i%3D1',
  'fieldSelector=x',
  'resourceVersion=0&labelSelector=grp',
  'resourceVersion=99999999',
  'resourceVersion=abc',
  'resourceVersion=1&resourceVersionMatch=Exact&limit=2',
  'resourceVersionMatch=Exact',
  'resourceVersion=0&resourceVersionMatch=NotOlderThan&labelSelector=grp',
  'resourceVersionMatch=Foo&resourceVersion=1',
  'limit=abc',
  'limit=-1',
  'labelSelector=grp&timeoutSeconds=5',
  'resourceVersion=0&limit=3&labelSelector=grp',
  'continue=abc',
];

const next = 'continue=<list.limit.1|metadata.continue>';

/** Selectors, revisions, pages and the forms of answers. */
const lists: readonly Step[] = [
  ...listed,
  ...queries.map((query): Step => [`list ${query}`, `GET ${maps}?${query}`]),
  ['list.limit.1', `GET ${maps}?limit=3&labelSelector=grp`],
  ['', `POST ${maps}`, configMap('l00', {}, { labels: { grp: 'late' } })],
  ['list.limit.2', `GET ${maps}?limit=3&labelSelector=grp&${next}`],
  ['list.samerv', 'SAME list.limit.1 list.limit.2'],
  ['list.limit.3', `GET ${maps}?limit=3&labelSelector=grp&continue=<list.limit.2|metadata.continue>`],
  ['list.cont.rv', `GET ${maps}?limit=3&resourceVersion=5&${next}`],
  ['list.unlimited.remaining', `GET ${maps}?limit=2`],
  ['table.list', `GET ${maps}?labelSelector=grp%3Dodd`, undefined, asTable],
  ['table.get', `GET ${maps}/l1`, undefined, asTable],
  ['table.object', `GET ${maps}/l1?includeObject=Object`, undefined, asTable],
  ['table.none', `GET ${maps}/l1?includeObject=None`, undefined, asTable],
  ['table.pods.empty', `GET ${core}/pods`, undefined, asTable],
  ['table.dep', `GET ${sd}`, undefined, asTable],
  ['table.404', `GET ${core}/pods/x`, undefined, asTable],
  ['pom.get', `GET ${maps}/l1`, undefined, asMetadata],
  ['poml.list', `GET ${maps}?labelSelector=grp%3Dodd`, undefined, asMetadataList],
  ['pom.only.v2', `GET ${maps}/l1`, undefined, { accept: 'application/json;as=Nope;v=v1;g=meta.k8s.io' }],
];

export const appliesAndLists: readonly Step[] = [...applies, ...lists];
