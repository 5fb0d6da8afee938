import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';
import type { KubeObject } from '@kit/kube';
import { parseDocument } from 'yaml';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function refused(type: string, cause?: unknown): ApiError {
  const message = `a patch of this kind is read before it is written, and "${type}" could not be read`;
  return new ApiError('BadRequest', message, { cause });
}

function parsed(bytes: Uint8Array, type: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (type !== 'application/apply-patch+yaml') return JSON.parse(text);
    const document = parseDocument(text, { version: '1.1' });
    if (document.errors[0]) throw document.errors[0];
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw refused(type, cause);
  }
}

/** A version that the caller names stays: when it is not the one looked at, the cluster refuses the patch. */
function withVersion(patch: Fields, version: string): Fields {
  const metadata = isFields(patch['metadata']) ? patch['metadata'] : {};
  const given = metadata['resourceVersion'];
  const isGiven = typeof given === 'string' && given !== '' && given !== '0';
  return { ...patch, metadata: { ...metadata, resourceVersion: isGiven ? given : version } };
}

/**
 * A patch that can be written to this version of the object only. What comes of a patch depends on the object it meets;
 * without this another write between the look at the outcome and the patch could make it something that was not looked at.
 */
export function pinned(
  body: Uint8Array,
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  before: KubeObject | undefined,
): Uint8Array {
  const version = before?.metadata.resourceVersion;
  if (method !== 'PATCH' || version === undefined) return body;
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (headers['content-encoding'] !== undefined) throw refused(headers['content-encoding']);
  return Buffer.from(JSON.stringify(ofVersion(parsed(body, type), type, version)));
}

function ofVersion(patch: unknown, type: string, version: string): unknown {
  if (type !== 'application/json-patch+json') {
    if (!isFields(patch)) throw refused(type);
    return withVersion(patch, version);
  }
  if (!Array.isArray(patch)) throw refused(type);
  const first = { op: 'test', path: '/metadata/resourceVersion', value: version };
  return [first, ...(patch as unknown[])]; // cast: an array, of whatever
}
