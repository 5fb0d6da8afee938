import { describe, expect, test } from 'vitest';
import { checkRules } from './cel-rules.ts';
import type { Json, Schema, ValidationRule } from './schema.ts';

const said = (schema: Schema, value: Json, old?: Json): string[] =>
  checkRules(schema, value, { old, path: 'spec' }).map(({ field, message }) => `${field}: ${message}`);
const withRule = (rule: ValidationRule | string, schema: Schema = {}): Schema => ({
  ...schema,
  rules: [typeof rule === 'string' ? { rule, message: 'no' } : rule],
});

describe('what Kubernetes adds to CEL', () => {
  test.each<[string, Json, boolean]>([
    ['self.charAt(1) == "b"', 'abc', true],
    ['self.replace("a", "$&") == "$&b"', 'ab', true],
    ['self.find("[0-9]+") == "12"', 'a12b3', true],
    ['self.findAll("[0-9]+") == ["12", "3"]', 'a12b3', true],
    ['self.findAll("[0-9]+", 1).size() == 1', 'a12b3', true],
    ['self.isSorted()', ['a', 'c', 'b'], false],
    ['self.sum() == 6 && self.min() == 1 && self.max() == 3', [1, 2, 3], true],
    ['self.indexOf(2) == 1 && self.lastIndexOf(9) == -1', [1, 2], true],
    ['sets.contains(self, [1]) && !sets.intersects(self, [3]) && sets.equivalent(self, [2, 1])', [1, 2], true],
    ['quantity(self).isGreaterThan(quantity("1Mi")) && isQuantity("10m") && !isQuantity("ten")', '1Gi', true],
    ['quantity(self) .compareTo(quantity("1")) == 0', '1000m', true],
    [
      'url(self).getHostname() == "a.example.com" && url(self).getPort() == "8443"',
      'https://a.example.com:8443/x',
      true,
    ],
    ['isURL(self)', 'no url', false],
    ['isIP(self) && cidr("10.0.0.0/8").containsIP(self)', '10.1.2.3', true],
    ['isCIDR(self)', '10.0.0.0/99', false],
    ['self.matches("^(a+)+$")', `${'a'.repeat(20_000)}!`, false],
  ])('%s', (rule, value, holds) => {
    expect(said(withRule(rule), value)).toEqual(holds ? [] : ['spec: Invalid value: no']);
  });
});

test('a rule about change is left alone at first, unless its old value is optional', () => {
  const strict = withRule('self >= oldSelf', { type: 'integer' });
  expect(said(strict, 1)).toEqual([]);
  expect(said(strict, 1, 2)).toEqual(['spec: Invalid value: no']);
  const rule = 'oldSelf.hasValue() ? oldSelf.value() < self : self == 1';
  const optional = withRule({ rule, message: 'no', optionalOldSelf: true }, { type: 'integer' });
  expect(said(optional, 1)).toEqual([]);
  expect(said(optional, 2)).toEqual(['spec: Invalid value: no']);
  expect(said(optional, 3, 2)).toEqual([]);
});

test('an expression can word the refusal; the plain message stands in when it fails', () => {
  const rule = { rule: 'self < 5', message: 'too big' };
  const schema: Schema = { type: 'integer' };
  expect(said(withRule({ ...rule, messageExpression: '"not " + string(self)' }, schema), 7)).toEqual([
    'spec: Invalid value: not 7',
  ]);
  expect(said(withRule({ ...rule, messageExpression: 'self.nothing' }, schema), 7)).toEqual([
    'spec: Invalid value: too big',
  ]);
});

test('a rule that cannot be evaluated refuses the value', () => {
  expect(said(withRule('self.a.b > 1'), {})).toEqual(['spec: Invalid value: No such key: a evaluating rule: no']);
  expect(said(withRule('nosuch(self)'), {})).toEqual([
    "spec: Invalid value: found no matching overload for 'nosuch(dyn)' evaluating rule: no",
  ]);
});
