export const group = 'dcr.example.com';
export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const things = `/apis/${group}/v1/namespaces/default/things`;

const string = { type: 'string' };
const integer = { type: 'integer' };
const list = (kind: string, items: object, more: object = {}): object => ({
  type: 'array',
  'x-kubernetes-list-type': kind,
  ...more,
  items,
});
const port = {
  type: 'object',
  required: ['p'],
  properties: { p: integer, proto: { type: 'string', default: 'TCP' }, v: string },
};

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
    tags: list('set', string),
    atom: list('atomic', string),
    ports: list('map', port, { 'x-kubernetes-list-map-keys': ['p', 'proto'] }),
    lbl: { type: 'object', additionalProperties: string },
  },
};

/** A definition that has every extension of a structural schema. */
export const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `things.${group}` },
  spec: {
    group,
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
            properties: { spec, status: { type: 'object', properties: { n: integer, sel: string } } },
          },
        },
      },
    ],
  },
};

export const thing = (name: string, content: object, metadata: object = {}): object => ({
  apiVersion: `${group}/v1`,
  kind: 'Thing',
  metadata: { name, ...metadata },
  spec: content,
});
