import type { Step, WatchPlan } from '../../transcript.ts';
import { asProtobuf, asTable, asYaml } from '../probe-objects.ts';
import { definition, definitions, group, thing, things } from './thing-definition.ts';

const discovery = (version: string): string =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
const accepts = (accept: string): { accept: string } => ({ accept });

const documents: readonly Step[] = [
  ['crd.create', `POST ${definitions}`, definition],
  ['', `UNTIL ${things}`, 200],
  ['', `UNTIL /openapi/v3/apis/${group}/v1`, 200],
  ['crd.get', `GET ${definitions}/things.${group}`],
  ['crd.list.table', `GET ${definitions}?fieldSelector=metadata.name%3Dthings.${group}`, undefined, asTable],
  ['disc', `GET /apis/${group}/v1`],
  ['disc.group', `GET /apis/${group}`],
  ['agg.v2', 'GET /apis', undefined, accepts(discovery('v2'))],
  ['agg.v2beta1', 'GET /apis', undefined, accepts(discovery('v2beta1'))],
  ['agg.both', 'GET /apis', undefined, accepts(`${discovery('v2')},${discovery('v2beta1')},application/json`)],
  ['openapi.v3', 'GET /openapi/v3'],
  ['openapi.v3.gv', `GET /openapi/v3/apis/${group}/v1`],
];

const full = { ...thing('a', { n: 3, extra: 'pruned', any: { keep: 1 }, ports: [{ p: 1 }] }), status: { n: 9 } };
const twice = `{"apiVersion":"${group}/v1","kind":"Thing","metadata":{"name":"d"},"spec":{"n":1,"n":2}}`;

const creations: readonly Step[] = [
  ['create', `POST ${things}`, full],
  ['create.strict', `POST ${things}?fieldValidation=Strict`, thing('b', { n: 3, extra: 'x', any: { keep: 1 } })],
  ['create.warn', `POST ${things}?fieldValidation=Warn`, thing('b', { n: 3, extra: 'x' })],
  ['create.dupkey', `POST ${things}?fieldValidation=Strict`, twice],
  ['create.fvbad', `POST ${things}?fieldValidation=Foo`, thing('z', { n: 1 })],
  ['inv.enum', `POST ${things}`, thing('c', { n: 0, color: 'green' })],
  ['inv.missing', `POST ${things}`, thing('c', {})],
  ['inv.type', `POST ${things}`, thing('c', { n: 'x' })],
  ['inv.cel', `POST ${things}`, thing('c', { n: 500 })],
  ['inv.set', `POST ${things}`, thing('c', { n: 1, tags: ['a', 'a'] })],
  ['inv.map', `POST ${things}`, thing('c', { n: 1, ports: [{ p: 1 }, { p: 1 }] })],
  ['inv.date', `POST ${things}`, thing('c', { n: 1, when: 'yesterday' })],
  ['nul', `POST ${things}`, thing('n', { n: 1, nul: null, color: null })],
  ['ios', `POST ${things}`, thing('i', { n: 1, q: '50%' })],
];

const a = `${things}/a`;
const s = `${things}/s`;
const changes: readonly Step[] = [
  ['inv.transition', `MERGE ${a}`, { spec: { n: 2 } }],
  ['gen', `MERGE ${a}`, { spec: { n: 4 } }],
  ['noop', `MERGE ${a}`, { spec: { n: 4 } }],
  ['meta.only', `MERGE ${a}`, { metadata: { labels: { x: 'y' } } }],
  ['status', `MERGE ${a}/status`, { spec: { n: 9 }, status: { n: 2, sel: 'a=b' } }],
  ['status.viaMain', `MERGE ${a}`, { status: { n: 77 } }],
  ['scale', `GET ${a}/scale`],
  ['scale.patch', `MERGE ${a}/scale`, { spec: { replicas: 6 } }],
  ['strat', `STRATEGIC ${a}`, { spec: { n: 7 } }],
  ['put.norv', `PUT ${a}`, thing('a', { n: 9 })],
  ['put.stale', `PUT ${a}`, thing('a', { n: 9 }, { resourceVersion: '1' })],
  ['patch.bad', `MERGE ${a}`, { metadata: { resourceVersion: '1' } }],
  ['jp.testfail', `JSON ${a}`, [{ op: 'test', path: '/spec/n', value: 1 }]],
  ['patch.badtype', `PATCH ${a}`, { spec: {} }],
];

const first = { n: 1, tags: ['a'], atom: ['x'], lbl: { k: '1' }, ports: [{ p: 1, v: 'a' }] };
const ofSecond = [
  { p: 2, v: 'b' },
  { p: 1, proto: 'UDP', v: 'u' },
];
const taken = thing('s', { atom: ['y'], ports: [{ p: 1, v: 'c' }] });
const ofStatus = { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 's' }, status: { n: 3 } };

const applies: readonly Step[] = [
  ['ssa.1', `APPLY ${s}?fieldManager=m1`, thing('s', first)],
  ['ssa.2', `APPLY ${s}?fieldManager=m2`, thing('s', { tags: ['b'], lbl: { l: '2' }, ports: ofSecond })],
  ['ssa.conflict', `APPLY ${s}?fieldManager=m2`, taken],
  ['ssa.force', `APPLY ${s}?fieldManager=m2&force=true`, taken],
  ['ssa.drop', `APPLY ${s}?fieldManager=m1`, thing('s', { n: 1 })],
  ['ssa.status', `APPLY ${s}/status?fieldManager=st`, ofStatus],
  ['ssa.nomanager', `APPLY ${s}`, thing('s', { n: 1 })],
  ['ssa.badfield', `APPLY ${s}?fieldManager=m1`, thing('s', { n: 1, nosuch: 2 })],
  ['ssa.wrongtype', `APPLY ${s}?fieldManager=m1`, thing('s', { n: 'x' })],
  ['ssa.rv', `APPLY ${s}?fieldManager=m1`, thing('s', { n: 1 }, { resourceVersion: '1' })],
  ['ssa.uid', `APPLY ${things}/new?fieldManager=m1`, thing('new', { n: 1 }, { uid: 'x' })],
];

const parity = (index: number): [string, string] => (index % 2 ? ['odd', 'blue'] : ['even', 'red']);
const listed = [0, 1, 2, 3, 4, 5].map((index): Step => {
  const [g, color] = parity(index);
  return ['', `POST ${things}`, thing(`l${index}`, { n: index + 1, color }, { labels: { g } })];
});
const queries = [
  'labelSelector=g%3Dodd',
  'labelSelector=g%3Dodd,',
  'labelSelector=g%20in%20(',
  'fieldSelector=spec.color%3Dblue',
  'fieldSelector=spec.n%3D1',
  'resourceVersion=0',
  'resourceVersion=99999999',
  'resourceVersion=abc',
  'resourceVersion=1&resourceVersionMatch=Exact',
  'resourceVersion=0&resourceVersionMatch=Exact',
  'resourceVersionMatch=Exact',
  'resourceVersion=0&limit=2',
  'limit=2',
  'continue=abc',
  'limit=-1',
  'sendInitialEvents=true',
];
const lists: readonly Step[] = [
  ...listed,
  ...queries.map((query): Step => [`list ${query}`, `GET ${things}?${query}`]),
  ['page.1', `GET ${things}?limit=3`],
  ['', `DELETE ${things}/l5`],
  ['page.2', `GET ${things}?limit=3&continue=<page.1|metadata.continue>`],
  ['page.3', `GET ${things}?limit=30&continue=<page.2|metadata.continue>`],
  ['page.rv', `GET ${things}?resourceVersion=7&continue=<page.1|metadata.continue>`],
];

const watch = `${things}?watch=1`;
const odd = `${watch}&labelSelector=g%3Dodd`;
const since = '&resourceVersion=<before|metadata.resourceVersion>';
const initial = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
const shows = (events: number, more: Partial<WatchPlan> = {}): WatchPlan => ({ events, ...more });
const unordered = { unordered: true };
const crossing: readonly Step[] = [
  ['', `MERGE ${things}/l2`, { metadata: { labels: { g: 'odd' } } }],
  ['', `MERGE ${things}/l2`, { spec: { n: 9 } }],
  ['', `MERGE ${things}/l2`, { metadata: { labels: { g: 'even' } } }],
  ['', `DELETE ${things}/l3`],
];
const watches: readonly Step[] = [
  ['before', `GET ${things}`],
  ['w.norv', `WATCH ${odd}`, shows(2, unordered)],
  ['w.rv0', `WATCH ${odd}&resourceVersion=0`, shows(2, unordered)],
  ['w.rv1', `WATCH ${watch}&resourceVersion=1`, shows(1)],
  ['w.future', `WATCH ${watch}&resourceVersion=99999999`, shows(0)],
  ['w.bad', `WATCH ${watch}&resourceVersion=abc`, shows(1)],
  ['w.init', `WATCH ${odd}${initial}&allowWatchBookmarks=true`, shows(3, unordered)],
  ['w.init.rv', `WATCH ${odd}${initial}&allowWatchBookmarks=true${since}`, shows(3, unordered)],
  ['w.init.nobookmark', `WATCH ${watch}${initial}`, shows(10, unordered)],
  ['w.init.nomatch', `WATCH ${watch}&sendInitialEvents=true&allowWatchBookmarks=true`, shows(1)],
  ['w.init.exact', `WATCH ${watch}&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1`, shows(1)],
  ['w.match.noinit', `WATCH ${watch}&resourceVersionMatch=NotOlderThan&resourceVersion=1`, shows(1)],
  ['w.init.false', `WATCH ${watch}&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`, shows(0)],
  ['w.trans', `WATCH ${odd}${since}`, shows(4, { meanwhile: crossing })],
  ['w.table', `WATCH ${odd}${since}`, shows(4), asTable],
  ['w.timeout', `WATCH ${watch}&labelSelector=g%3Dq&timeoutSeconds=1${since}`, shows(1)],
  ['w.yaml', `WATCH ${watch}&timeoutSeconds=1${since}`, shows(7), asYaml],
  ['w.limit', `WATCH ${watch}&limit=2`, shows(9, unordered)],
];

const others: readonly Step[] = [
  ['table', `GET ${things}?labelSelector=g`, undefined, asTable],
  ['pom', `GET ${a}`, undefined, accepts('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')],
  ['proto.accept', `GET ${a}`, undefined, asProtobuf],
  ['proto.accept2', `GET ${things}/zz`, undefined, accepts(`${asProtobuf.accept},application/json`)],
  ['cbor.accept', `GET ${things}/zz`, undefined, accepts('application/cbor,application/json;q=0.9')],
  ['xml', `GET ${a}`, undefined, accepts('text/xml')],
  ['badjson', `POST ${things}`, '{"a":'],
  ['wrongkind', `POST ${things}`, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }],
  ['badname', `POST ${things}`, thing('Bad_Name', { n: 1 })],
  ['nokind', `POST ${things}`, { metadata: { name: 'x' }, spec: { n: 1 } }],
  ['genname', `POST ${things}`, { ...thing('', { n: 1 }), metadata: { generateName: 'gen-' } }],
  ['rv.on.create', `POST ${things}`, thing('q', { n: 1 }, { resourceVersion: '4' })],
  ['exists', `POST ${things}`, thing('a', { n: 1 })],
  ['404', `GET ${things}/zz`],
  ['sub404', `GET ${a}/foo`],
  ['dry', `POST ${things}?dryRun=All`, thing('dry', { n: 1 })],
  ['del.pre', `DELETE ${a}`, { preconditions: { uid: 'x' } }],
  ['fin.add', `MERGE ${a}`, { metadata: { finalizers: ['x.example.com/a'] } }],
  ['fin.bad', `MERGE ${a}`, { metadata: { finalizers: ['nodomain'] } }],
  ['del.fin', `DELETE ${a}`],
  ['upd.deleting', `MERGE ${a}`, { spec: { n: 50 } }],
  ['fin.clear', `MERGE ${a}`, { metadata: { finalizers: [] } }],
  ['gone', `GET ${a}`],
  ['del', `DELETE ${things}/i`],
  ['delcoll', `DELETE ${things}?labelSelector=g%3Deven`],
  ['crd.del', `DELETE ${definitions}/things.${group}`],
  ['', `UNTIL ${definitions}/things.${group}`, 404],
  ['', `UNTIL /apis/${group}`, 404],
  ['after', `GET ${things}`],
];

/** 113 requests on a definition and objects of its kind. */
export const customTour: readonly Step[] = [
  ...documents,
  ...creations,
  ...changes,
  ...applies,
  ...lists,
  ...watches,
  ...others,
];
