import { parse as parseYaml } from 'yaml';
import { failureText } from './generic-status.ts';
import type { OutboundAnswer } from './outbound-client.ts';
import { OutboundError } from './outbound-error.ts';

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    try {
      return parseYaml(body, { maxAliasCount: 0 });
    } catch (cause) {
      throw new OutboundError("couldn't get version/kind; json parse error: the body is neither JSON nor YAML", cause);
    }
  }
}

const typeNames: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'bool' };
const wanted =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** The object in an answer. Throws `OutboundError` when there is none, in the words of the real server. */
export function answeredObject({ status, contentType, body }: OutboundAnswer): Record<string, unknown> {
  if (status < 200 || status > 299) throw new OutboundError(failureText({ status, contentType, body }));
  if (body === '')
    throw new OutboundError(`0-length response with status code: ${status} and content type: ${contentType}`);
  const value = parsed(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>; // what is left of JSON
  const found = Array.isArray(value) ? 'array' : (typeNames[typeof value] ?? 'null');
  throw new OutboundError(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type ${wanted}`,
  );
}

/** The versions of reviews the real server can read, though not one in place of the other. */
const sisters = ['v1', 'v1beta1'];

/** Throws `OutboundError` when the answer says it is something else than a `kind` of this version. */
export function checkAnswerKind(
  answer: Record<string, unknown>,
  expected: { group: string; version: string; kind: string },
): void {
  const { apiVersion = '', kind = '' } = answer as { apiVersion?: string; kind?: string }; // compared only
  const own = `${expected.group}/${expected.version}`;
  if ((!apiVersion && !kind) || (kind === expected.kind && apiVersion === own)) return;
  if (kind === expected.kind && sisters.some((version) => apiVersion === `${expected.group}/${version}`)) {
    const [, version = ''] = apiVersion.split('/');
    throw new OutboundError(`converting (${version}.${kind}) to (${expected.version}.${kind}): unknown conversion`);
  }
  throw new OutboundError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
  );
}
