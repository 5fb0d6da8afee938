import { ApiError } from '@kit/base';
import type { Cause } from '@kit/base';

/** The part of a kind that error texts name. */
export interface KindName {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
}

const withGroup = (name: string, group: string): string => (group ? `${name}.${group}` : name);

function about(kind: KindName, name: string): { name?: string; group?: string; kind: string } {
  return { ...(name && { name }), ...(kind.group && { group: kind.group }), kind: kind.resource };
}

/** `deployments.apps "web"`, as messages about one object begin. */
export function quoted(kind: KindName, name: string): string {
  return `${withGroup(kind.resource, kind.group)} "${name}"`;
}

export function notFound(kind: KindName, name: string): ApiError {
  return new ApiError('NotFound', `${quoted(kind, name)} not found`, { details: about(kind, name) });
}

/** `why`: what is the matter with the object that is there. */
export function alreadyExists(kind: KindName, name: string, why = ''): ApiError {
  return new ApiError('AlreadyExists', `${why}${quoted(kind, name)} already exists`, { details: about(kind, name) });
}

export function conflict(kind: KindName, name: string, why?: string): ApiError {
  const reason = why ?? 'the object has been modified; please apply your changes to the latest version and try again';
  return new ApiError('Conflict', `Operation cannot be fulfilled on ${quoted(kind, name)}: ${reason}`, {
    details: about(kind, name),
  });
}

/** A precondition of a deletion that does not hold; the real server names the kind here, not the plural. */
export function preconditionFailed(kind: KindName, name: string, why: string): ApiError {
  return conflict({ ...kind, resource: kind.kind }, name, why);
}

export function forbidden(
  kind: KindName,
  name: string,
  refusal: string | { why: string; causes: readonly Cause[] },
): ApiError {
  const { why, causes } = typeof refusal === 'string' ? { why: refusal, causes: undefined } : refusal;
  const subject = name ? quoted(kind, name) : withGroup(kind.resource, kind.group);
  const details = { ...about(kind, name), ...(causes && { causes }) };
  return new ApiError('Forbidden', `${subject} is forbidden: ${why}`, { details });
}

/** Several causes of one field and text are said once in the message and kept in the list. */
export function invalid(kind: { kind: string; group: string }, name: string, causes: readonly Cause[]): ApiError {
  const texts = [...new Set(causes.map((cause) => (cause.field ? `${cause.field}: ${cause.message}` : cause.message)))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const group = kind.group === 'events.k8s.io' ? '' : kind.group; // its events are those of the core, and refused as such
  return new ApiError('Invalid', `${withGroup(kind.kind, group)} "${name}" is invalid: ${list}`, {
    details: { ...(name && { name }), ...(group && { group }), ...(kind.kind && { kind: kind.kind }), causes },
  });
}

/** Wrong options of a request, e.g. an unknown `dryRun`. */
export function invalidOptions(kind: string, ...causes: Cause[]): ApiError {
  return invalid({ kind, group: 'meta.k8s.io' }, '', causes);
}

export function badRequest(message: string): ApiError {
  return new ApiError('BadRequest', message);
}

export const noSuchResource = (): ApiError =>
  new ApiError('NotFound', 'the server could not find the requested resource', { details: {} });

export const methodNotAllowed = (): ApiError =>
  new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', { details: {} });
