import type { Scenario, Step } from './play-scenario.ts';
import {
  definitions,
  dryRun,
  everything,
  group,
  integer,
  list,
  mapOf,
  rooted,
  rules,
  text,
} from './thing-definition.ts';

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

/** Objects of a kind whose rules they break, and updates of one. */
export const strictObjects: Scenario = {
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
