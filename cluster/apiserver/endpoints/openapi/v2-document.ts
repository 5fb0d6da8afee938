import type { Json, JsonObject } from '../../schema/schema.ts';
import { isObject } from '../../schema/structural-schema.ts';

const v3Prefix = '#/components/schemas/';
const v2Prefix = '#/definitions/';

const mapValues = (object: JsonObject, convert: (value: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, convert(value, key)]));

const objectOr = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const listOr = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** Version 2 knows no `allOf` around a reference, no `oneOf`, and no default beside a reference. */
function schema(value: Json): Json {
  if (Array.isArray(value)) return value.map(schema);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).filter(([name]) => !['allOf', 'oneOf', 'default'].includes(name));
  const converted = mapValues(Object.fromEntries(fields), schema);
  const [only] = listOr(value.allOf);
  if (only !== undefined) return { ...converted, ...objectOr(schema(only)) };
  return value.oneOf ? { ...converted, type: 'string' } : converted;
}

function parameters(list: Json | undefined): Json[] {
  return listOr(list).map((parameter) => {
    const { schema: form, ...rest } = objectOr(parameter);
    return { ...rest, ...objectOr(form) };
  });
}

function response(value: Json): JsonObject {
  const { content, ...rest } = objectOr(value);
  const form = objectOr(objectOr(content)['application/json']).schema;
  return { ...rest, ...(form !== undefined && { schema: schema(form) }) };
}

function operation(value: Json): JsonObject {
  const { requestBody, responses, ...rest } = objectOr(value);
  const content = objectOr(objectOr(requestBody).content);
  const [body] = Object.values(content).map((type) => objectOr(type).schema ?? {});
  return {
    ...rest,
    ...(requestBody !== undefined && { consumes: Object.keys(content) }),
    produces: Object.keys(objectOr(objectOr(objectOr(responses)['200']).content)),
    parameters: [
      ...parameters(rest.parameters),
      ...(body === undefined ? [] : [{ name: 'body', in: 'body', required: true, schema: body }]),
    ],
    responses: mapValues(objectOr(responses), response),
  };
}

function pathItem(item: Json): JsonObject {
  return mapValues(objectOr(item), (value, method) => (method === 'parameters' ? parameters(value) : operation(value)));
}

/** An OpenAPI 2 document with the paths and schemas of version 3. */
export function v2Document(from: { info: JsonObject; paths: JsonObject; schemas: JsonObject }): JsonObject {
  const { info, paths, schemas } = from;
  const document = { swagger: '2.0', info, paths: mapValues(paths, pathItem), definitions: mapValues(schemas, schema) };
  return JSON.parse(JSON.stringify(document).replaceAll(v3Prefix, v2Prefix)) as JsonObject; // what is stringified one line above
}
