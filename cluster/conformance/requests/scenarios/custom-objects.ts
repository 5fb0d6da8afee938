import type { Seen, Step } from '../transcript.ts';
import { asMetadata, asProtobuf, asTable, asYaml } from './probe-objects.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const things = '/apis/probe.example.com/v1/namespaces/default/things';
const text = { type: 'string' };
const whole = { type: 'integer' };

const spec = {
  type: 'object',
  required: ['n'],
  'x-kubernetes-validations': [
    { rule: 'self.n < 100', message: 'n must be under 100' },
    { rule: 'self.n >= oldSelf.n', message: 'n must not shrink' },
  ],
  properties: {
    n: { type: 'integer', minimum: 1 },
    color: { type: 'string', default: 'red', enum: ['red', 'blue'] },
    q: { 'x-kubernetes-int-or-string': true },
    when: { type: 'string', format: 'date-time' },
    nul: { type: 'string', nullable: true },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
    atom: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: text },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['p', 'proto'],
      items: {
        type: 'object',
        required: ['p'],
        properties: { p: whole, proto: { type: 'string', default: 'TCP' }, v: text },
      },
    },
    lbl: { type: 'object', additionalProperties: text },
  },
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.probe.example.com' },
  spec: {
    group: 'probe.example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', shortNames: ['tg'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n', labelSelectorPath: '.status.sel' },
        },
        selectableFields: [{ jsonPath: '.spec.color' }],
        additionalPrinterColumns: [
          { name: 'N', type: 'integer', jsonPath: '.spec.n' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'a thing',
            properties: { spec, status: { type: 'object', properties: { n: whole, sel: text } } },
          },
        },
      },
    ],
  },
};

const thing = (name: string, content: object, metadata: object = {}): object => ({
  apiVersion: 'probe.example.com/v1',
  kind: 'Thing',
  metadata: { name, ...metadata },
  spec: content,
});

const listed = [0, 1, 2, 3, 4, 5].map((index): Step => [
  '',
  `POST ${things}`,
  thing(
    `l${index}`,
    { n: index + 1, color: index % 2 ? 'blue' : 'red' },
    { labels: { g: index % 2 ? 'odd' : 'even' } },
  ),
]);

const queries = [
  'labelSelector=g%3Dodd',
  'fieldSelector=spec.color%3Dblue',
  'fieldSelector=spec.n%3D1',
  'limit=2',
  'resourceVersion=abc',
  'resourceVersion=99999999',
  'resourceVersion=0&limit=2',
  'continue=abc',
  'limit=-1',
  'sendInitialEvents=true',
];

const definitionSteps: readonly Step[] = [
  ['definition', `POST ${definitions}`, definition],
  ['', `UNTIL ${things}`, 200],
  ['', `UNTIL /openapi/v3/apis/probe.example.com/v1`, 200],
  ['definition.bad-name', `POST ${definitions}`, { ...definition, metadata: { name: 'x.y' } }],
  ['definition.stored', `GET ${definitions}/things.probe.example.com`],
  ['definition.table', `GET ${definitions}?fieldSelector=metadata.name%3Dthings.probe.example.com`, undefined, asTable],
  ['definition.discovery', 'GET /apis/probe.example.com/v1'],
  ['definition.group', 'GET /apis/probe.example.com'],
  ['definition.openapi', 'GET /openapi/v3/apis/probe.example.com/v1'],
];

const objectSteps: readonly Step[] = [
  [
    'create',
    `POST ${things}`,
    { ...thing('a', { n: 3, extra: 'pruned', any: { keep: 1 }, ports: [{ p: 1 }] }), status: { n: 9 } },
  ],
  ['create.strict', `POST ${things}?fieldValidation=Strict`, thing('b', { n: 3, extra: 'x', any: { keep: 1 } })],
  ['create.warn', `POST ${things}?fieldValidation=Warn`, thing('b', { n: 3, extra: 'x' })],
  [
    'create.duplicate',
    `POST ${things}?fieldValidation=Strict`,
    '{"apiVersion":"probe.example.com/v1","kind":"Thing","metadata":{"name":"d"},"spec":{"n":1,"n":2}}',
  ],
  ['invalid.enum', `POST ${things}`, thing('c', { n: 0, color: 'green' })],
  ['invalid.missing', `POST ${things}`, thing('c', {})],
  ['invalid.type', `POST ${things}`, thing('c', { n: 'x' })],
  ['invalid.rule', `POST ${things}`, thing('c', { n: 500 })],
  ['invalid.set', `POST ${things}`, thing('c', { n: 1, tags: ['a', 'a'] })],
  ['invalid.map', `POST ${things}`, thing('c', { n: 1, ports: [{ p: 1 }, { p: 1 }] })],
  ['invalid.date', `POST ${things}`, thing('c', { n: 1, when: 'yesterday' })],
  ['null', `POST ${things}`, thing('n', { n: 1, nul: null, color: null })],
  ['int-or-string', `POST ${things}`, thing('i', { n: 1, q: '50%' })],
  ['invalid.transition', `MERGE ${things}/a`, { spec: { n: 2 } }],
  ['merge', `MERGE ${things}/a`, { spec: { n: 4 } }],
  ['merge.same', `MERGE ${things}/a`, { spec: { n: 4 } }],
  ['merge.metadata', `MERGE ${things}/a`, { metadata: { labels: { x: 'y' } } }],
  ['status', `MERGE ${things}/a/status`, { spec: { n: 9 }, status: { n: 2, sel: 'a=b' } }],
  ['status.through-main', `MERGE ${things}/a`, { status: { n: 77 } }],
  ['scale', `GET ${things}/a/scale`],
  ['scale.patch', `MERGE ${things}/a/scale`, { spec: { replicas: 6 } }],
  ['scale.owners', `GET ${things}/a`, undefined, asMetadata],
  ['strategic', `STRATEGIC ${things}/a`, { spec: { n: 7 } }],
  ['put.no-version', `PUT ${things}/a`, thing('a', { n: 9 })],
  ['put.stale', `PUT ${things}/a`, thing('a', { n: 9 }, { resourceVersion: '1' })],
  ['patch.stale', `MERGE ${things}/a`, { metadata: { resourceVersion: '1' } }],
  ['json.test-fails', `JSON ${things}/a`, [{ op: 'test', path: '/spec/n', value: 1 }]],
  ['patch.unknown-type', `PATCH ${things}/a`, { spec: {} }],
];

const first = { n: 1, tags: ['a'], atom: ['x'], lbl: { k: '1' }, ports: [{ p: 1, v: 'a' }] };
const second = {
  tags: ['b'],
  lbl: { l: '2' },
  ports: [
    { p: 2, v: 'b' },
    { p: 1, proto: 'UDP', v: 'u' },
  ],
};
const taken = { atom: ['y'], ports: [{ p: 1, v: 'c' }] };
const applySteps: readonly Step[] = [
  ['apply', `APPLY ${things}/s?fieldManager=m1`, thing('s', first)],
  ['apply.other', `APPLY ${things}/s?fieldManager=m2`, thing('s', second)],
  ['apply.conflict', `APPLY ${things}/s?fieldManager=m2`, thing('s', taken)],
  ['apply.force', `APPLY ${things}/s?fieldManager=m2&force=true`, thing('s', taken)],
  ['apply.drop', `APPLY ${things}/s?fieldManager=m1`, thing('s', { n: 1 })],
  [
    'apply.status',
    `APPLY ${things}/s/status?fieldManager=st`,
    { ...thing('s', {}), spec: undefined, status: { n: 3 } },
  ],
  ['apply.no-manager', `APPLY ${things}/s`, thing('s', { n: 1 })],
  ['apply.unknown-field', `APPLY ${things}/s?fieldManager=m1`, thing('s', { n: 1, nosuch: 2 })],
  ['apply.wrong-type', `APPLY ${things}/s?fieldManager=m1`, thing('s', { n: 'x' })],
  ['apply.stale', `APPLY ${things}/s?fieldManager=m1`, thing('s', { n: 1 }, { resourceVersion: '1' })],
  ['apply.new-with-uid', `APPLY ${things}/new?fieldManager=m1`, thing('new', { n: 1 }, { uid: 'x' })],
];

const listSteps: readonly Step[] = [
  ...listed,
  ...queries.map((query): Step => [
    `list ${query}`,
    `GET ${things}?${query}`,
    undefined,
    { accept: 'application/json' },
  ]),
  ['page.1', `GET ${things}?limit=3`],
  ['', `DELETE ${things}/l5`],
  ['page.2', `GET ${things}?limit=3&continue=<page.1|metadata.continue>`],
  ['page.3', `GET ${things}?limit=30&continue=<page.2|metadata.continue>`],
  ['watched', `GET ${things}`],
  ['watch', `WATCH ${things}?watch=1&labelSelector=g%3Dodd`, { events: 2, unordered: true }],
  [
    'watch.initial',
    `WATCH ${things}?watch=1&labelSelector=g%3Dodd&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    { events: 3, unordered: true },
  ],
  [
    'watch.changes',
    `WATCH ${things}?watch=1&labelSelector=g%3Dodd&resourceVersion=<watched|metadata.resourceVersion>`,
    {
      events: 4,
      meanwhile: [
        ['', `MERGE ${things}/l2`, { metadata: { labels: { g: 'odd' } } }],
        ['', `MERGE ${things}/l2`, { spec: { n: 9 } }],
        ['', `MERGE ${things}/l2`, { metadata: { labels: { g: 'even' } } }],
        ['', `DELETE ${things}/l3`],
      ],
    },
  ],
  [
    'watch.table',
    `WATCH ${things}?watch=1&labelSelector=g%3Dodd&resourceVersion=<watched|metadata.resourceVersion>`,
    { events: 4 },
    asTable,
  ],
  ['watch.yaml', `WATCH ${things}?watch=1&timeoutSeconds=1`, { events: 7 }, asYaml],
];

const otherSteps: readonly Step[] = [
  ['table', `GET ${things}?labelSelector=g`, undefined, asTable],
  ['metadata', `GET ${things}/a`, undefined, asMetadata],
  ['protobuf', `GET ${things}/a`, undefined, asProtobuf],
  ['protobuf.missing', `GET ${things}/zz`, undefined, { accept: `${asProtobuf.accept},application/json` }],
  ['protobuf.or-json', `GET ${things}/a`, undefined, { accept: `${asProtobuf.accept},application/json` }],
  ['accept.xml', `GET ${things}/a`, undefined, { accept: 'text/xml' }],
  ['body.bad-json', `POST ${things}`, '{"a":'],
  ['body.other-kind', `POST ${things}`, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }],
  ['body.no-kind', `POST ${things}`, { metadata: { name: 'x' }, spec: { n: 1 } }],
  ['create.bad-name', `POST ${things}`, thing('Bad_Name', { n: 1 })],
  ['create.generate', `POST ${things}`, { ...thing('', { n: 1 }), metadata: { generateName: 'gen-' } }],
  ['create.with-version', `POST ${things}`, thing('q', { n: 1 }, { resourceVersion: '4' })],
  ['create.exists', `POST ${things}`, thing('a', { n: 1 })],
  ['missing', `GET ${things}/zz`],
  ['missing.part', `GET ${things}/a/foo`],
  ['create.dry', `POST ${things}?dryRun=All`, thing('dry', { n: 1 })],
  ['delete.other-uid', `DELETE ${things}/a`, { preconditions: { uid: 'x' } }],
  ['finalizer', `MERGE ${things}/a`, { metadata: { finalizers: ['x.example.com/a'] } }],
  ['finalizer.plain', `MERGE ${things}/a`, { metadata: { finalizers: ['nodomain'] } }],
  ['delete.finalizer', `DELETE ${things}/a`],
  ['change.deleted', `MERGE ${things}/a`, { spec: { n: 50 } }],
  ['delete.finalizer.clear', `MERGE ${things}/a`, { metadata: { finalizers: [] } }],
  ['delete.gone', `GET ${things}/a`],
  ['delete', `DELETE ${things}/i`],
  ['collection', `DELETE ${things}?labelSelector=g%3Deven`],
  ['put', `PUT ${things}/n`, (seen: Seen) => ({ ...(seen.null?.body as object), spec: { n: 2 } })], // a created object
  ['definition.delete', `DELETE ${definitions}/things.probe.example.com`],
  ['', `UNTIL ${definitions}/things.probe.example.com`, 404],
  ['definition.gone', `GET ${things}`],
];

/** A definition, objects of its kind, and its end. */
export const customObjects: readonly Step[] = [
  ...definitionSteps,
  ...objectSteps,
  ...applySteps,
  ...listSteps,
  ...otherSteps,
];
