import { describe, expect, test } from 'vitest';
import type { Json, Schema, ValidationRule } from '../schema/schema.ts';
import { checkRules } from './check-rules.ts';

const said = (schema: Schema, value: Json, old?: Json): string[] =>
  checkRules(
    { type: 'object', properties: { spec: schema } },
    { spec: value },
    old === undefined ? undefined : { spec: old },
  ).causes.map(({ field, message }) => `${field}: ${message}`);
const withRule = (rule: ValidationRule | string, schema: Schema): Schema => ({
  ...schema,
  rules: [typeof rule === 'string' ? { rule, message: 'no' } : rule],
});
const integer: Schema = { type: 'integer' };
const text: Schema = { type: 'string' };
const list = (items: Schema): Schema => ({ type: 'array', items });

describe('what Kubernetes adds to CEL', () => {
  test.each<[string, Schema, Json, boolean]>([
    ['self.find("[0-9]+") == "12"', text, 'a12b3', true],
    ['self.isSorted()', list(text), ['a', 'c', 'b'], false],
    ['self.sum() == 6 && self.min() == 1 && self.max() == 3', list(integer), [1, 2, 3], true],
    ['sets.contains(self, [1]) && sets.equivalent(self, [2, 1])', list(integer), [1, 2], true],
    ['quantity(self).isGreaterThan(quantity("1Mi")) && !isQuantity("ten")', text, '1Gi', true],
    ['url(self).getHostname() == "a.example.com"', text, 'https://a.example.com:8443/x', true],
    ['isIP(self) && cidr("10.0.0.0/8").containsIP(self)', text, '10.1.2.3', true],
    ['self.matches("^(a+)+$")', text, `${'a'.repeat(20_000)}!`, false],
    ['semver(self).isLessThan(semver("2.0.0"))', text, '1.9.9', true],
    ['!format.dns1123Label().validate(self).hasValue()', text, 'A', false],
    ['"%s!".format([self]) == "a!"', text, 'a', true],
    ['self.all(i, v, i == v)', list(integer), [0, 1], true],
    ['self.getFullYear() == 2024', { type: 'string', format: 'date-time' }, '2024-01-02T03:04:05Z', true],
    ['type(self) == int ? self > 5 : self.endsWith("%")', { intOrString: true }, '7%', true],
  ])('%s', (...[rule, schema, value, holds]) => {
    const shown = schema.type === 'array' ? '' : `${JSON.stringify(value)}: `;
    expect(said(withRule(rule, schema), value)).toEqual(holds ? [] : [`spec: Invalid value: ${shown}no`]);
  });
});

test('a rule about change is left alone at first, unless its old value is optional', () => {
  const strict = withRule('self >= oldSelf', integer);
  expect(said(strict, 1)).toEqual([]);
  expect(said(strict, 1, 2)).toEqual(['spec: Invalid value: 1: no']);
  const rule = 'oldSelf.hasValue() ? oldSelf.value() < self : self == 1';
  const optional = withRule({ rule, message: 'no', optionalOldSelf: true }, integer);
  expect(said(optional, 1)).toEqual([]);
  expect(said(optional, 2)).toEqual(['spec: Invalid value: 2: no']);
  expect(said(optional, 3, 2)).toEqual([]);
});

test('an expression can word the refusal; the plain message stands in when it fails', () => {
  const rule = { rule: 'self < 5', message: 'too big' };
  expect(said(withRule({ ...rule, messageExpression: '"not " + string(self)' }, integer), 7)).toEqual([
    'spec: Invalid value: 7: not 7',
  ]);
  expect(said(withRule({ ...rule, messageExpression: 'string(self / 0)' }, integer), 7)).toEqual([
    'spec: Invalid value: 7: too big',
  ]);
});

test('a rule that cannot be evaluated refuses the value', () => {
  expect(said(withRule('self[5] > 1', list(integer)), [1])).toEqual([
    'spec: Invalid value: "array": index out of bounds: 5 evaluating rule: no',
  ]);
  expect(said(withRule('self > 1', { intOrString: true }), 'a')).toEqual([
    `spec: Invalid value: "": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: no`,
  ]);
});

test('an object that breaks a rule as it did before is let be, and told', () => {
  const schema: Schema = { type: 'object', properties: { a: withRule('self < 5', integer), b: text } };
  expect(checkRules(schema, { a: 7, b: 'new' }, { a: 7, b: 'old' })).toMatchObject({
    causes: [],
    warnings: ['a: Invalid value: 7: no'],
  });
  expect(checkRules(schema, { a: 8 }, { a: 7 }).causes).toHaveLength(1);
});

test('rules end: a costly one is stopped', () => {
  const many = Array.from({ length: 2_000 }, (_, index) => index);
  const quadratic = withRule('self.all(a, !self.exists(b, b == a + 1000000))', list(integer));
  expect(said(quadratic, many).join()).toContain('actual cost limit exceeded');
});
