import type { Step } from '../../transcript.ts';
import { asTable, configMap } from '../probe-objects.ts';
import { maps, space } from './places.ts';

const group = 'difft.example.com';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const gadgets = `/apis/${group}/v1/namespaces/${space}/gadgets`;
const integer = { type: 'integer' };

const spec = {
  type: 'object',
  required: ['n'],
  properties: {
    n: { type: 'integer', minimum: 1 },
    color: { type: 'string', default: 'red', enum: ['red', 'blue'] },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['p'],
      items: { type: 'object', required: ['p'], properties: { p: integer, v: { type: 'string' } } },
    },
  },
};
const version = {
  name: 'v1',
  served: true,
  storage: true,
  subresources: { status: {}, scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } },
  additionalPrinterColumns: [{ name: 'N', type: 'integer', jsonPath: '.spec.n' }],
  schema: {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec, status: { type: 'object', properties: { n: integer } } },
    },
  },
};
const definition = (name: string, more: object = {}): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', shortNames: ['gd'] },
    versions: [version],
    ...more,
  },
});
const withoutTypes = {
  names: { plural: 'gizmos', kind: 'Gizmo' },
  versions: [{ ...version, schema: { openAPIV3Schema: { properties: { a: { properties: { b: {} } } } } } }],
};
const gadget = (name: string, content: object): object => ({
  apiVersion: `${group}/v1`,
  kind: 'Gadget',
  metadata: { name },
  spec: content,
});

/** A definition and objects of its kind. */
const custom: readonly Step[] = [
  ['crd.create', `POST ${definitions}`, definition(`gadgets.${group}`)],
  ['crd.badname', `POST ${definitions}`, definition('x.y')],
  ['crd.nostructural', `POST ${definitions}`, definition(`gizmos.${group}`, withoutTypes)],
  ['', `UNTIL ${gadgets}`, 200],
  ['crd.get', `GET ${definitions}/gadgets.${group}`],
  ['crd.discovery', `GET /apis/${group}/v1`],
  ['cr.create', `POST ${gadgets}`, { ...gadget('g1', { n: 3, extra: 'pruned', any: { keep: 1 } }), status: { n: 9 } }],
  ['cr.invalid', `POST ${gadgets}`, gadget('g2', { n: 0, color: 'green' })],
  ['cr.missing', `POST ${gadgets}`, gadget('g2', {})],
  ['cr.type', `POST ${gadgets}`, gadget('g2', { n: 'x' })],
  ['cr.status', `MERGE ${gadgets}/g1/status`, { spec: { n: 7 }, status: { n: 2 } }],
  ['cr.scale', `GET ${gadgets}/g1/scale`],
  ['cr.strat', `STRATEGIC ${gadgets}/g1`, { spec: { n: 4 } }],
  ['cr.merge', `MERGE ${gadgets}/g1`, { spec: { n: 4 } }],
  ['cr.noop', `MERGE ${gadgets}/g1`, { spec: { n: 4 } }],
  ['cr.table', `GET ${gadgets}`, undefined, asTable],
  ['cr.norv', `PUT ${gadgets}/g1`, gadget('g1', { n: 5 })],
  ['cr.ssa1', `APPLY ${gadgets}/g3?fieldManager=m1`, gadget('g3', { n: 1, ports: [{ p: 1, v: 'a' }] })],
  ['cr.ssa2', `APPLY ${gadgets}/g3?fieldManager=m2`, gadget('g3', { ports: [{ p: 2, v: 'b' }] })],
  ['cr.ssa.conflict', `APPLY ${gadgets}/g3?fieldManager=m2`, gadget('g3', { ports: [{ p: 1, v: 'c' }] })],
  ['crd.delete', `DELETE ${definitions}/gadgets.${group}`],
  ['', `UNTIL ${definitions}/gadgets.${group}`, 404],
  ['', `UNTIL /apis/${group}`, 404],
  ['', `UNTIL /openapi/v3/apis/${group}/v1`, 404],
];

const paths = ['/api/v1', '/apis/apps/v1', '/apis/apps', '/apis/authorization.k8s.io/v1', '/apis/policy/v1beta1'];

/** What the server says of itself, and the end of the namespace. */
const documents: readonly Step[] = [
  ['version', 'GET /version'],
  ['api', 'GET /api'],
  ...paths.map((path): Step => [`disc ${path}`, `GET ${path}`]),
  ['healthz', 'GET /healthz'],
  ['readyz', 'GET /readyz'],
  ['livez.verbose', 'GET /livez?verbose'],
  [
    'agg',
    'GET /apis',
    undefined,
    { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' },
  ],
  ['openapi.v3', 'GET /openapi/v3'],
  ['openapi.v2', 'KEYS /openapi/v2'],
  ['ns.delete', `DELETE /api/v1/namespaces/${space}`],
  ['create.in.terminating', `POST ${maps}`, configMap('late')],
];

export const definitionsAndDocuments: readonly Step[] = [...custom, ...documents];
