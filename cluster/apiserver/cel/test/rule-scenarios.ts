import type { Scenario, Step } from './play-scenario.ts';

const group = 'cel.example.com';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const dryRun = '?dryRun=All';

/** A definition of Things whose content has this schema. */
function definition(properties: object, more: object = {}): object {
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

const rules = (...list: (string | object)[]): object => ({
  'x-kubernetes-validations': list.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});
const text = (more: object = {}): object => ({ type: 'string', ...more });
const integer = (more: object = {}): object => ({ type: 'integer', ...more });
const list = (items: object, more: object = {}): object => ({ type: 'array', items, ...more });
const mapOf = (values: object, more: object = {}): object => ({
  type: 'object',
  additionalProperties: values,
  ...more,
});

/** A value of every sort a rule can meet. */
const everything = {
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

/** Rules on the content of a Thing: what a definition with them is told. */
const contentRules: readonly (string | object)[] = [
  'self.count > 1',
  'self.count > "a"',
  'self.count + self.amount > 1.0',
  'double(self.count) + self.amount > 1.0',
  'self.nosuch == 1',
  'self.inner.nosuch == 1',
  'self.inner == 1',
  'self.inner.x == self.count',
  'has(self.count)',
  'has(self.nosuch)',
  'has(self.inner.y) && self.inner.y.size() > 1',
  'self.name.size() < 5',
  'self.name.nosuch()',
  'self.name.startsWith(1)',
  'self.long.contains(self.long)',
  'self.long.matches("^a+$")',
  'self.long.matches("(")',
  'self.open.all(a, self.open.all(b, a == b))',
  'self.open.all(a, self.open.exists(b, a + b == "c"))',
  'self.tags.all(a, a.matches("^[a-z]+$"))',
  'self.tags.map(a, a + "x").exists(b, b == "yx")',
  'self.tags.filter(a, a.size() > 2).size() < 3',
  'self.tags.all(i, a, i < 3 && a != "")',
  'self.tags.exists_one(a, a == "x")',
  'self.tags[0].foo',
  'self.tags[0] == 1',
  'self.tags.x',
  'self.tags.all(a, a)',
  'self.count.all(a, true)',
  'self.set + ["a"] == self.set',
  'self.ports.all(p, p.port > 0)',
  'self.ports.all(p, p.nosuch > 0)',
  'self.ports.exists(p, has(p.name) && p.name == self.name)',
  'self.labels["a"] == "b"',
  'self.labels.a == "b"',
  'self.labels.all(k, k.size() < 5)',
  'self.labels.all(k, v, v.startsWith(k))',
  'self.labels[1] == "b"',
  '"a" in self.labels',
  '"a" in self.tags',
  '1 in self.tags',
  'self.deep.all(k, self.deep[k].all(l, self.deep[k][l].all(n, n > 0)))',
  'self.when > timestamp("2020-01-01T00:00:00Z")',
  'self.when > "2020-01-01T00:00:00Z"',
  'self.when.getFullYear() > 2000',
  'self.day.getDayOfWeek() == 0',
  'self.span < duration("1h")',
  'self.span < duration("1x")',
  'self.raw == b"abc"',
  'self.either == 1',
  'type(self.either) == int ? self.either > 1 : self.either.endsWith("%")',
  'self.either.contains("a")',
  'self.kind_of == "a"',
  'self.kind_of + self.kind_of == "aa"',
  'self.__dash__ == 1',
  'self.dashed__dash__name == 1',
  'self.__namespace__ == "a"',
  'self.namespace == "a"',
  'self.free == {}',
  'self.free.a == 1',
  'self == oldSelf',
  'self.count >= oldSelf.count',
  { rule: 'self.count >= oldSelf.count', optionalOldSelf: true },
  { rule: 'oldSelf.hasValue() ? self.count >= oldSelf.value().count : true', optionalOldSelf: true },
  { rule: 'self.count > 0', optionalOldSelf: true },
  { rule: 'self.count > 0', messageExpression: '"count is " + string(self.count)' },
  { rule: 'self.count > 0', messageExpression: 'self.count' },
  { rule: 'self.count > 0', messageExpression: 'self.nosuch' },
  { rule: 'self.count > 0', messageExpression: '  ' },
  { rule: 'self.count > 0', messageExpression: '"%d is %s".format([self.count, self.name])' },
  { rule: 'self.count > 0', message: 'a\nb' },
  { rule: 'self.count > 0', message: ' ' },
  { rule: 'self.count > 0\n&& true' },
  { rule: ' ' },
  { rule: 'self.count > 0', reason: 'Bad' },
  { rule: 'self.count > 0', reason: 'FieldValueForbidden', fieldPath: '.count' },
  { rule: 'self.count > 0', fieldPath: '.nosuch' },
  { rule: 'self.count > 0', fieldPath: 'count' },
  { rule: 'self.count > 0', fieldPath: ".labels['a b']" },
  { rule: 'self.count > 0', fieldPath: '.tags[0]' },
  { rule: 'self.count > 0', fieldPath: '.inner.y' },
  'self.count',
  '"a"',
  'self.',
  'self.count >',
  'self.count = 1',
  'true || x',
  'self.count > 0 && foo(self)',
  '[1, "a"].size() > 1',
  'optional.of(self.count).orValue(1) > 0',
  'self.?count.orValue(1) > 0',
  'self.?inner.?x.hasValue()',
  'self.?nosuch.hasValue()',
  'isQuantity(self.name) && quantity(self.name).isGreaterThan(quantity("1"))',
  'quantity(self.name) > quantity("1")',
  'ip(self.name).family() == 4',
  'cidr("10.0.0.0/8").containsIP(self.name)',
  'url(self.long).getHost() == "a"',
  'semver(self.name).major() > 1u',
  'format.dns1123Label().validate(self.name).hasValue()',
  'format.nosuch().validate(self.name).hasValue()',
  'sets.contains(self.tags, ["a"])',
  'self.tags.sort() == self.tags',
  'self.open.sort() == self.open',
  'self.tags.isSorted()',
  'self.tags.sum() == 1',
  'self.tags.join(",").size() > 2',
  'self.tags.indexOf("a") == 0',
  'self.long.split(",").all(p, p.size() > 1)',
  'self.long.replace("a", "bb").size() > 1',
  'self.long.find("[0-9]+") == "1"',
  'self.long.lowerAscii() == self.long',
  'self.long.substring(1, 3) == "ab"',
  'authorizer.path("/").check("get").allowed()',
  'self.metadata.name == "a"',
  'lists.range(self.count).size() > 1',
  'lists.range(10).all(i, i < 10)',
  'self.tags.distinct().size() == self.tags.size()',
  'self.open.distinct().size() == self.open.size()',
  'self.deep.transformList(k, v, v).size() > 0',
  'cel.bind(x, self.count, x > 1)',
  'math.greatest(1, 2) == 2',
  'dyn(self.count) == "a"',
  'string(self.count) == "1" && int(self.name) == 1',
  'int("a") == 1',
  'self.name == null',
  'self.inner == null',
  'type(self.count) == int',
  'type(self) == string',
];

const rooted = (content: object, more: object = {}): object =>
  definition({ spec: { type: 'object', ...content } }, more);

function definitionScenario(rule: string | object, index: number): Scenario {
  const body = rooted({ properties: everything, ...rules(rule) });
  const shown = typeof rule === 'string' ? rule : JSON.stringify(rule);
  return { name: `definition ${index}: ${shown}`, steps: [{ method: 'POST', path: definitions + dryRun, body }] };
}

/** Rules at other places. */
const placed: readonly (readonly [name: string, body: object])[] = [
  [
    'at the root',
    definition({ spec: { type: 'object' } }, rules('self.metadata.name.size() < 5', 'self.metadata.labels.size() > 1')),
  ],
  ['on a text', definition({ spec: text(rules('self.size() > 1', 'self.nosuch')) })],
  ['on items that have no past', definition({ spec: list(integer(rules('self > oldSelf')), { maxItems: 3 }) })],
  ['on items without a limit', definition({ spec: list(text(rules('self.contains("a")'))) })],
  ['on values without a limit', definition({ spec: mapOf(text(rules('self.matches("^[a-z]+$")'))) })],
  [
    'deep inside lists',
    definition({ spec: list(list(list(text({ maxLength: 5, ...rules('self.startsWith("abc")') })))) }),
  ],
  [
    'deep inside short lists',
    definition({
      spec: list(list(text({ maxLength: 500, ...rules('self.matches("a*b*c*d*")') }), { maxItems: 100 }), {
        maxItems: 200,
      }),
    }),
  ],
  [
    'many that are dear together',
    definition({
      spec: {
        type: 'object',
        properties: {
          a: list(text(rules('self.startsWith("a")'))),
          b: list(text(rules('self.endsWith("b")'))),
          c: list(integer(rules('self > 1'))),
        },
      },
    }),
  ],
  [
    'on an embedded object',
    definition({
      spec: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
        ...rules('self.kind == "Pod"', 'self.spec.x == 1'),
      },
    }),
  ],
  [
    'that would be dear without a limit',
    definition({
      spec: {
        type: 'object',
        properties: { a: list(text()), b: list(text()) },
        ...rules('self.a.all(x, self.b.exists(y, x == y))'),
      },
    }),
  ],
  [
    'with limits',
    definition({
      spec: {
        type: 'object',
        properties: {
          a: list(text({ maxLength: 10 }), { maxItems: 100 }),
          b: list(text({ maxLength: 10 }), { maxItems: 100 }),
        },
        ...rules('self.a.all(x, self.b.exists(y, x == y))'),
      },
    }),
  ],
  [
    'with limits that are too wide',
    definition({
      spec: {
        type: 'object',
        properties: {
          a: list(text({ maxLength: 100 }), { maxItems: 1000 }),
          b: list(text({ maxLength: 100 }), { maxItems: 1000 }),
        },
        ...rules('self.a.all(x, self.b.exists(y, x == y))'),
      },
    }),
  ],
];

const things = `/apis/${group}/v1/namespaces/default/things`;

/** A kind whose rules are broken by the objects below, one or two at a time. */
const strict = rooted(
  {
    ...rules(
      { rule: 'self.count < 5', message: 'too big', fieldPath: '.count' },
      '!has(self.labels) || self.labels.all(k, self.labels[k] != "x")',
      {
        rule: '!has(self.ports) || self.ports.all(p, p.port + 1 > 1)',
        reason: 'FieldValueForbidden',
        messageExpression: 'string(size(self.ports))',
      },
      '!has(self.either) || self.either > 5',
      { rule: 'self.count >= oldSelf.count', message: 'must not fall' },
      {
        rule: '!has(self.name) || self.name != "z"',
        messageExpression: 'string(1 / (self.count - self.count))',
        message: 'plain',
      },
      { rule: '!has(self.tags) || self.tags[3] != "a"', reason: 'FieldValueRequired' },
      { rule: '!has(self.when) || self.when.getFullYear() == 2024' },
      {
        rule: '!has(self.inner) || self.inner.x != 3',
        reason: 'FieldValueDuplicate',
        fieldPath: '.inner.x',
        message: 'seen',
      },
      { rule: '!has(self.labels) || !("q" in self.labels)', fieldPath: ".labels['q']" },
      { rule: 'oldSelf.hasValue() || self.count != 2', optionalOldSelf: true, message: 'not at first' },
    ),
    properties: {
      ...everything,
      count: integer(rules({ rule: 'self != 3', message: 'not three' })),
      name: text({ maxLength: 20, ...rules('self != "a"') }),
      labels: mapOf(text({ maxLength: 10, ...rules('self != "y"') }), { maxProperties: 4 }),
      ports: list(
        {
          type: 'object',
          required: ['port'],
          properties: {
            port: integer(),
            name: text({ maxLength: 8, ...rules({ rule: 'self != "q"', reason: 'FieldValueDuplicate' }) }),
          },
          ...rules('self.port != 9', { rule: 'self.port != 8 || self == oldSelf', message: 'eight stays' }),
        },
        { maxItems: 3, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port'] },
      ),
      tags: list(text({ maxLength: 10 }), { maxItems: 5, ...rules('self.size() < 3') }),
    },
  },
  rules({ rule: 'self.metadata.name != "bad"', message: 'bad name' }),
);

const thing = (spec: object, name = 'one'): object => ({
  apiVersion: `${group}/v1`,
  kind: 'Thing',
  metadata: { name },
  spec,
});
const specs: readonly object[] = [
  { count: 1 },
  { count: 7 },
  { count: 3 },
  { count: 2 },
  { count: 1, name: 'a' },
  { count: 1, name: 'z' },
  { count: 1, labels: { a: 'x', b: 'y' } },
  { count: 1, labels: { q: 'r' } },
  { count: 1, ports: [{ port: 1, name: 'q' }, { port: 9 }, { port: 2 }] },
  { count: 1, ports: [{ port: -5 }] },
  { count: 1, either: 'abc' },
  { count: 1, either: 3 },
  { count: 1, either: 6 },
  { name: 'b' },
  { count: 1, tags: ['a', 'b', 'c'] },
  { count: 1, tags: ['a'] },
  { count: 1, when: '2023-01-01T00:00:00Z' },
  { count: 1, when: '2024-01-01T00:00:00+01:00' },
  { count: 1, inner: { x: 3 } },
];
const updates: readonly object[] = [
  { count: 2, ports: [{ port: 8 }] },
  { count: 0 },
  { count: 9, name: 'b' },
  { count: 1, ports: [{ port: 8, name: 'n' }] },
  { count: 1, ports: [{ port: 8 }], labels: { a: 'y' } },
];

const objects: Scenario = {
  name: 'objects of a strict kind',
  steps: [
    { method: 'POST', path: definitions, body: strict, silent: true },
    { method: 'POST', path: things, body: thing({ count: 1, ports: [{ port: 7 }] }, 'there'), silent: true },
    { method: 'POST', path: things + dryRun, body: thing({ count: 1 }, 'bad') },
    ...specs.map((spec): Step => ({ method: 'POST', path: things + dryRun, body: thing(spec) })),
    ...updates.map((spec): Step => ({
      method: 'PUT',
      path: `${things}/there${dryRun}`,
      body: { ...thing(spec, 'there'), metadata: { name: 'there' } },
    })),
  ],
  after: [
    { method: 'DELETE', path: `${things}/there` },
    { method: 'DELETE', path: `${definitions}/things.${group}` },
  ],
};

/** Rules of custom kinds: what their definitions and their objects are told. */
export const ruleScenarios: readonly Scenario[] = [
  ...contentRules.map(definitionScenario),
  ...placed.map(([name, body]) => ({
    name: `rules ${name}`,
    steps: [{ method: 'POST', path: definitions + dryRun, body }],
  })),
  objects,
];
