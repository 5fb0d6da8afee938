import { ApiError } from '@kit/base';
import { schemaNameOf } from '../kinds/builtin-kinds.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import { parseJson, type Parsed } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import { decodeProtobuf } from './protobuf.ts';

export interface Body {
  readonly object: JsonObject;
  /** `duplicate field "spec.n"`: what strict validation refuses and lenient validation warns of. */
  readonly problems: readonly string[];
}

export const acceptedMediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** The media type of a Content-Type header; none means JSON. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? 'application/json').split(';')[0]?.trim().toLowerCase() || 'application/json';
}

/**
 * The object in a request body: JSON, YAML or protobuf. `kind` is what the endpoint takes: a body that says it is
 * something else is refused. Throws `BadRequest` or `UnsupportedMediaType`.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | undefined, kind: ExpectedKind): Body {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === 'application/vnd.kubernetes.protobuf' && kind.builtin !== false) {
    return { object: asExpected(decodeProtobuf(bytes), kind), problems: [] };
  }
  const { value, duplicateFields } = parseText(bytes, mediaType, kind);
  return { object: asExpected(value, kind), problems: duplicateFields.map((path) => `duplicate field "${path}"`) };
}

type ExpectedKind = Pick<KindInfo, 'group' | 'version' | 'kind'> & { readonly builtin?: boolean };

/** Evictions are the one kind whose older version is still understood, though nothing else of it is served. */
const isOldEviction = (given: { apiVersion: string; kind: string }): boolean =>
  given.kind === 'Eviction' && given.apiVersion === 'policy/v1beta1';

/** Any JSON or YAML document, for patches. */
export function parseText(bytes: Uint8Array, mediaType: string, kind?: ExpectedKind): Parsed {
  const text = new TextDecoder().decode(bytes);
  if (/^application\/(?:[\w.-]+\+)?yaml$/.test(mediaType)) return parseYaml(text);
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(mediaType)) throw unsupportedMediaType(acceptedMediaTypes);
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ApiError(
      'BadRequest',
      `the object provided is unrecognized (must be of type ${kind?.kind ?? 'Patch'}): couldn't get version/kind; json parse error: ${error.message} (${excerpt(text, bytes)})`,
    );
  }
}

/** The 415 that lists what would have been read. */
export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

const excerptLength = 30;

/** The real server prints the body as it came if it is short, else its beginning. */
function excerpt(text: string, bytes?: Uint8Array): string {
  if (text === '') return '<empty>';
  if (bytes && /[^\P{C}\s]|\ufffd/u.test(text)) return excerptOfBytes(bytes);
  return text.length <= excerptLength ? text : `${text.slice(0, excerptLength)} ...`;
}

/** What is no text, e.g. a body that is packed, is shown as numbers. */
function excerptOfBytes(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, excerptLength)).toString('hex');
  return bytes.length <= excerptLength ? shown : `${shown} ...`;
}

function asExpected(value: Json, kind: ExpectedKind): JsonObject {
  if (!isObject(value)) {
    const found = `json: cannot unmarshal ${typeName(value)} into Go value of type struct`;
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${found}`);
  }
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  const given = { apiVersion: text(value['apiVersion']), kind: text(value['kind']) };
  const missing = kind.builtin === false ? missingField(given) : undefined;
  if (missing) {
    const body = JSON.stringify(value);
    throw unrecognized(kind, `Object '${missing}' is missing in '${body}' (${excerpt(body)})`);
  }
  const wrongVersion = given.apiVersion !== '' && given.apiVersion !== apiVersion && !isOldEviction(given);
  const wrongKind = given.kind !== '' && given.kind !== kind.kind;
  if (wrongVersion || wrongKind) throw mismatch(given, kind, apiVersion);
  return { ...value, apiVersion, kind: kind.kind };
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

/** A custom kind must say what it is. */
function missingField(given: { apiVersion: string; kind: string }): string | undefined {
  if (!given.kind) return 'Kind';
  return given.apiVersion ? undefined : 'apiVersion';
}

function unrecognized(kind: ExpectedKind, problem: string): ApiError {
  return new ApiError('BadRequest', `the object provided is unrecognized (must be of type ${kind.kind}): ${problem}`);
}

function mismatch(given: { apiVersion: string; kind: string }, kind: ExpectedKind, apiVersion: string): ApiError {
  if (kind.builtin === false && given.apiVersion !== apiVersion) {
    const versions = `(${given.apiVersion}) does not match the expected API version (${apiVersion})`;
    return new ApiError('BadRequest', `the API version in the data ${versions}`);
  }
  const name = given.kind || kind.kind;
  const [version = '', group = ''] = (given.apiVersion || apiVersion).split('/').reverse();
  const why = `${name} in version "${version}" cannot be handled as a ${kind.kind}`;
  return new ApiError('BadRequest', `${why}: ${mismatchReason({ group, version, kind: name }, kind)}`);
}

function mismatchReason(given: { group: string; version: string; kind: string }, kind: ExpectedKind): string {
  if (kind.builtin === false) return `expected kind ${kind.kind}`;
  if (schemaNameOf(given) === undefined) {
    const apiVersion = given.group ? `${given.group}/${given.version}` : given.version;
    return `no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`; // the line the real server names
  }
  const internal = kind.group === '' ? 'core' : kind.group.split('.', 1).join();
  return `converting (${given.version}.${given.kind}) to (${internal}.${kind.kind}): unknown conversion`;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
