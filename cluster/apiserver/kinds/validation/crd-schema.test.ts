import { expect, test } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { validateCrdSchema } from './crd-schema.ts';

const problems = (n: JsonObject): string[] =>
  validateCrdSchema({ type: 'object', properties: { n } }, 'schema').map(
    ({ field, message }) => `${field}: ${message}`,
  );
const rules = (...list: JsonObject[]): JsonObject => ({ type: 'string', 'x-kubernetes-validations': list });
const first = 'schema.properties[n].x-kubernetes-validations[0]';

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
    [`${first}.rule: Invalid value: "self.": compilation failed: Expected IDENTIFIER, got EOF`],
    'no CEL',
  ],
  [
    rules({ rule: 'nosuch(self)' }),
    [`${first}.rule: Invalid value: "nosuch(self)": compilation failed: found no matching overload for 'nosuch(dyn)'`],
    'a function that does not exist',
  ],
  [
    rules({ rule: 'other == self' }),
    [`${first}.rule: Invalid value: "other == self": compilation failed: Unknown variable: other`],
    'a variable that does not exist',
  ],
  [rules({ rule: 'self.open' }), [], 'what type this has is known only when it runs'],
  [
    rules({ rule: '1 + 1' }),
    [`${first}.rule: Invalid value: "1 + 1": it must evaluate to a bool, not to a int`],
    'no claim',
  ],
  [
    rules({ rule: 'true', messageExpression: 'size(self)' }),
    [`${first}.messageExpression: Invalid value: "size(self)": it must evaluate to a string, not to a int`],
    'a message is text',
  ],
])('%j gives %j: %s', (schema, expected) => expect(problems(schema)).toEqual(expected));
