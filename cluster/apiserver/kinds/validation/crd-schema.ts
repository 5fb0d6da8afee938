import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { patternProblem } from '../../schema/linear-pattern.ts';
import { fieldsIn, items, record, textOf, texts } from '../rules/set-default.ts';
import { at, forbidden, invalid, notSupported, required } from './cause.ts';
import { validateRuleExpressions, validateRuleTexts } from './crd-rules.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const keyNote = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
const listTypes = ['atomic', 'map', 'set'];

/** What keeps a custom kind's schema from being structural, or its list and map annotations from making sense. */
export function validateCrdSchema(schema: JsonObject, field: string): Cause[] {
  const { type } = schema;
  if (!type) return [required(`${field}.type`, 'must not be empty at the root'), ...validateChildren(schema, field)];
  const root = type === 'object' ? [] : [invalid(`${field}.type`, type, 'must be object at the root')];
  const causes = [...root, ...validateNode(schema, field)];
  return causes.length > 0 ? causes : validateRuleExpressions(schema, field);
}

function validateNode(schema: JsonObject, field: string): Cause[] {
  return [
    ...validateType(schema, field),
    ...validateListType(schema, field),
    ...validateKeywords(schema, field),
    ...validatePattern(schema, field),
    ...validateJunctions(schema, field),
    ...validateChildren(schema, field),
    ...validateRuleTexts(schema, field),
  ];
}

function validateType(schema: JsonObject, field: string): Cause[] {
  const { type } = schema;
  if (type) return types.includes(textOf(type)) ? [] : [notSupported(`${field}.type`, type, types)];
  const free = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return free ? [] : [required(`${field}.type`, 'must not be empty for specified object fields')];
}

function validateListType(schema: JsonObject, field: string): Cause[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === undefined) return [];
  const causes: Cause[] = [];
  if (!listTypes.includes(textOf(listType))) {
    causes.push(notSupported(`${field}.x-kubernetes-list-type`, listType, listTypes));
  }
  if (schema['type'] !== 'array') {
    causes.push(invalid(`${field}.type`, schema['type'] ?? '', 'must be array if x-kubernetes-list-type is specified'));
  }
  return listType === 'map' ? [...causes, ...validateMapKeys(schema, field)] : causes;
}

function validateMapKeys(schema: JsonObject, field: string): Cause[] {
  const keysField = `${field}.x-kubernetes-list-map-keys`;
  const keys = texts(schema['x-kubernetes-list-map-keys']);
  if (keys.length === 0) return [required(keysField, 'must not be empty if x-kubernetes-list-type is map')];
  const item = fieldsIn(schema['items']);
  const known = fieldsIn(item['properties']);
  const needed = new Set(texts(item['required']));
  return keys.flatMap((key, index) => {
    if (known[key] === undefined)
      return [invalid(at(keysField, index), key, 'entries must all be names of item properties')];
    const always = needed.has(key) || fieldsIn(known[key])['default'] !== undefined;
    return always ? [] : [required(`${field}.items.properties[${key}].default`, keyNote)];
  });
}

const forbiddenKeywords = [
  '$ref',
  'definitions',
  'dependencies',
  'deprecated',
  'discriminator',
  'id',
  'patternProperties',
  'readOnly',
  'writeOnly',
  'xml',
];

function validateKeywords(schema: JsonObject, field: string): Cause[] {
  const causes = forbiddenKeywords
    .filter((keyword) => schema[keyword] !== undefined)
    .map((keyword) => forbidden(`${field}.${keyword}`, `${keyword} is not supported`));
  if (schema['uniqueItems'] === true) {
    causes.push(
      forbidden(
        `${field}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  }
  if (
    record(schema['properties']) &&
    schema['additionalProperties'] !== undefined &&
    schema['additionalProperties'] !== false
  ) {
    causes.push(forbidden(`${field}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  }
  return causes;
}

function validatePattern({ pattern }: JsonObject, field: string): Cause[] {
  if (!pattern) return [];
  const problem = patternProblem(textOf(pattern));
  return problem
    ? [invalid(`${field}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`)]
    : [];
}

/** Parts of a junction only restrict values: they need no type, but their patterns must be good. */
function validateJunctions(schema: JsonObject, field: string): Cause[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((name) =>
    items(schema[name]).map((part, index) => [at(`${field}.${name}`, index), part] as const),
  );
  const not = record(schema['not']);
  const parts = not ? [...lists, [`${field}.not`, not] as const] : lists;
  return parts.flatMap(([place, part]) => [
    ...validatePattern(part, place),
    ...validateJunctions(part, place),
    ...Object.entries(fieldsIn(part['properties'])).flatMap(([name, child]) =>
      validatePattern(fieldsIn(child), at(`${place}.properties`, name)),
    ),
  ]);
}

function validateChildren(schema: JsonObject, field: string): Cause[] {
  const properties = Object.entries(record(schema['properties']) ?? {});
  const item = record(schema['items']);
  const additional = record(schema['additionalProperties']);
  return [
    ...properties.flatMap(([name, child]) => validateNode(record(child) ?? {}, at(`${field}.properties`, name))),
    ...(item ? validateNode(item, `${field}.items`) : []),
    ...(schema['type'] === 'array' && !item ? [required(`${field}.items`, 'must be specified')] : []),
    ...(additional ? validateNode(additional, `${field}.additionalProperties`) : []),
  ];
}
