import { expect, test } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { validateCrdSchema } from './crd-schema.ts';

const problems = (n: JsonObject): string[] =>
  validateCrdSchema({ type: 'object', properties: { n } }, 'schema').map(
    ({ field, message }) => `${field}: ${message}`,
  );
const rules = (...list: JsonObject[]): JsonObject => ({ type: 'string', 'x-kubernetes-validations': list });
const first = 'schema.properties[n].x-kubernetes-validations[0]';

/** The real server shows the rule as it holds it. */
function wrong(field: string, rule: object, why: string): string {
  const whole = { Rule: '', Message: '', MessageExpression: '', Reason: null, FieldPath: '', OptionalOldSelf: null };
  return `${first}.${field}: Invalid value: ${JSON.stringify({ ...whole, ...rule })}: ${why}`;
}

function compiled(text: string, column: number, message: string): string {
  return `compilation failed: ERROR: <input>:1:${column}: ${message}\n | ${text}\n | ${'.'.repeat(column - 1)}^`;
}

test.each<[JsonObject, string[], string]>([
  [{ type: 'string', pattern: '^[a-z]+$' }, [], 'a good pattern'],
  [
    { type: 'string', pattern: '(?=a)' },
    [
      'schema.properties[n].pattern: Invalid value: "(?=a)": must be a valid regular expression, but isn\'t: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
    'RE2 looks nowhere ahead',
  ],
  [
    { type: 'string', anyOf: [{ pattern: 'a(' }] },
    [
      'schema.properties[n].anyOf[0].pattern: Invalid value: "a(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `a(`',
    ],
    'patterns of junctions count',
  ],
  [rules({ rule: 'self.matches("^a")', messageExpression: '"no " + self' }), [], 'a good rule'],
  [rules({ rule: ' ' }), [`${first}.rule: Required value: rule is not specified`], 'an empty rule'],
  [
    rules({ rule: 'self.' }),
    [wrong('rule', { Rule: 'self.' }, compiled('self.', 6, "Syntax error: no viable alternative at input '.'"))],
    'no CEL',
  ],
  [
    rules({ rule: 'nosuch(self)' }),
    [
      wrong(
        'rule',
        { Rule: 'nosuch(self)' },
        compiled('nosuch(self)', 7, "undeclared reference to 'nosuch' (in container '')"),
      ),
    ],
    'a function that does not exist',
  ],
  [
    rules({ rule: 'self.open' }),
    [wrong('rule', { Rule: 'self.open' }, compiled('self.open', 5, "type 'string' does not support field selection"))],
    'a text has no fields',
  ],
  [rules({ rule: '1 + 1' }), [wrong('rule', { Rule: '1 + 1' }, 'cel expression must evaluate to a bool')], 'no claim'],
  [
    rules({ rule: 'true', messageExpression: 'size(self)' }),
    [
      wrong(
        'messageExpression',
        { Rule: 'true', MessageExpression: 'size(self)' },
        'messageExpression must evaluate to a string',
      ),
    ],
    'a message is text',
  ],
])('%j gives %j: %s', (schema, expected) => expect(problems(schema)).toEqual(expected));
