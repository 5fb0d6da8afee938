export const group = 'cel.example.com';
export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const dryRun = '?dryRun=All';

/** A definition of Things whose content has this schema. */
export function definition(properties: object, more: object = {}): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties, ...more } },
        },
      ],
    },
  };
}

export const rules = (...list: (string | object)[]): object => ({
  'x-kubernetes-validations': list.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});
export const text = (more: object = {}): object => ({ type: 'string', ...more });
export const integer = (more: object = {}): object => ({ type: 'integer', ...more });
export const list = (items: object, more: object = {}): object => ({ type: 'array', items, ...more });
export const mapOf = (values: object, more: object = {}): object => ({
  type: 'object',
  additionalProperties: values,
  ...more,
});

/** A value of every sort a rule can meet. */
export const everything = {
  count: integer(),
  amount: { type: 'number' },
  name: text({ maxLength: 20 }),
  long: text(),
  on: { type: 'boolean' },
  tags: list(text({ maxLength: 10 }), { maxItems: 5 }),
  open: list(text()),
  set: list(text({ maxLength: 5 }), { maxItems: 4, 'x-kubernetes-list-type': 'set' }),
  ports: list(
    { type: 'object', required: ['port'], properties: { port: integer(), name: text({ maxLength: 8 }) } },
    { maxItems: 3, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port'] },
  ),
  labels: mapOf(text({ maxLength: 10 }), { maxProperties: 4 }),
  deep: mapOf(mapOf(list(integer()))),
  when: text({ format: 'date-time' }),
  day: text({ format: 'date' }),
  span: text({ format: 'duration' }),
  raw: text({ format: 'byte', maxLength: 12 }),
  either: { 'x-kubernetes-int-or-string': true },
  kind_of: text({ enum: ['a', 'bbb'] }),
  'dashed-name': integer(),
  namespace: text({ maxLength: 5 }),
  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  inner: { type: 'object', required: ['x'], properties: { x: integer(), y: text() } },
};

/** A Thing with this content. */
export const rooted = (content: object, more: object = {}): object =>
  definition({ spec: { type: 'object', ...content } }, more);
