import { ApiError, isApiError, timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { applyFields } from '../fields/apply-fields.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicMergePatch } from '../patch/strategic-merge-patch.ts';
import { cloneJson } from '../schema/clone-json.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { badRequest, conflict, invalid, invalidOptions } from '../store/api-errors.ts';
import { createObject } from '../store/create-object.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext, Written } from '../store/write-request.ts';

export type Patch =
  | { readonly type: 'json' | 'merge' | 'strategic'; readonly body: Json }
  | { readonly type: 'apply'; readonly body: ClusterObject; readonly force: boolean };

/** The patched object; `live` stays as it is. A merge patch makes anew what it changes, and nothing else. */
export function patched(schema: Schema, live: ClusterObject, patch: Exclude<Patch, { type: 'apply' }>): ClusterObject {
  const { type, body } = patch;
  const from = (type === 'merge' ? live : cloneJson(live)) as unknown as JsonObject; // objects of the store are JSON
  if (type !== 'json' && Array.isArray(body)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  const result =
    type === 'json'
      ? jsonPatch(from, body)
      : type === 'merge'
        ? mergePatch(from, body)
        : strategicMergePatch(schema, from, body);
  if (typeof result !== 'object' || result === null || Array.isArray(result))
    throw badRequest('the patch does not leave an object');
  return result as unknown as ClusterObject; // the store shapes and checks it next
}

/** Throws what is wrong with an apply before anything of it is done. `body`: what it has to be a description of. */
export function checkApply(
  { kind, name }: Target,
  { body }: { body: ClusterObject },
  of: { context: WriteContext; body?: { apiVersion: string; kind: string } },
): void {
  const expected = of.body ?? { apiVersion: apiVersionOf(kind), kind: kind.kind };
  if (!of.context.fieldManager) {
    const message = 'Required value: is required for apply patch';
    throw invalidOptions('PatchOptions', { field: 'fieldManager', message, reason: 'FieldValueRequired' });
  }
  const { apiVersion, metadata } = body;
  if (apiVersion !== expected.apiVersion || body.kind !== expected.kind) {
    const given = body as Partial<ClusterObject>; // a body may come without
    throw badRequest(`invalid object type: /${given.apiVersion ?? ''}, Kind=${given.kind ?? ''}`);
  }
  const given = (metadata as { name?: string } | undefined)?.name; // a body may come without
  if (given && given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

function applied(
  target: Target,
  live: ClusterObject | undefined,
  request: { patch: { body: ClusterObject; force: boolean }; context: WriteContext; now: string },
): ClusterObject {
  const { patch, context, now } = request;
  const { kind } = target;
  const body = cloneJson(patch.body);
  (body as { metadata?: object }).metadata ??= {}; // a body may come without
  body.metadata.name ||= target.name;
  const object = applyFields({
    live,
    applied: body,
    manager: context.fieldManager,
    force: patch.force,
    schema: kind.schema,
    apiVersion: apiVersionOf(kind),
    subresource: target.subresource ?? '',
    hasStatus: kind.strategy.hasStatus,
    now,
  });
  if (target.namespace) object.metadata.namespace ??= target.namespace;
  const { resourceVersion, uid } = body.metadata;
  Object.assign(object.metadata, { ...(resourceVersion && { resourceVersion }), ...(uid && { uid }) });
  return object;
}

async function serverSideApply(
  deps: StoreDeps,
  target: Target,
  request: { patch: Extract<Patch, { type: 'apply' }>; context: WriteContext },
): Promise<Written> {
  const { patch, context } = request;
  checkApply(target, patch, { context });
  const now = timestamp(deps.clock.now());
  const mode = target.subresource === 'status' ? 'status' : 'main';
  try {
    return await updateObject(deps, target, {
      context,
      mode,
      managed: true,
      change: (live) => applied(target, live, { patch, context, now }),
    });
  } catch (error) {
    if (mode === 'status' || !isApiError(error, 'NotFound')) throw error;
    const { uid } = patch.body.metadata;
    if (uid)
      throw conflict(
        target.kind,
        target.name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    const object = applied(target, undefined, { patch, context, now });
    return createObject(deps, { ...target, name: '' }, { object, context, managed: true });
  }
}

/** A value as Go prints it: `map[spec:map[replicas:2]]`. */
function goText(value: Json): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([field, item]) => `${field}:${goText(item)}`).join(' ')}]`;
}

/** What makes an object that its kind cannot hold, or that has too many fields, is a fault of the patch. */
function strictly(error: unknown, patch: Patch, result: ClusterObject | undefined): unknown {
  if (!isApiError(error, 'BadRequest')) return error;
  const [, problem] = / cannot be handled as an? \w+: (.*)$/s.exec(error.message) ?? [];
  if (!problem) return error;
  const shown = patch.type === 'strategic' ? goText(patch.body) : JSON.stringify(result);
  const message = `Invalid value: ${JSON.stringify(shown)}: ${problem}`;
  return invalid({ kind: '', group: '' }, '', [{ field: 'patch', message, reason: 'FieldValueInvalid' }]);
}

/** What a patch may not make of an object: another one. */
function checkIdentity(
  { kind, name }: Target,
  next: ClusterObject,
  was: {
    kind: string;
    apiVersion: string;
    uid: string | undefined;
    deletionTimestamp: string | undefined;
    type: string;
  },
): void {
  const { uid, deletionTimestamp } = next.metadata ?? {}; // a patch may have taken it away
  const fixed = { uid: [uid, was.uid], deletionTimestamp: [deletionTimestamp, was.deletionTimestamp] } as const;
  for (const [field, [now, then]] of Object.entries(fixed)) {
    if (!now || now === then) continue;
    const message = `Invalid value: ${JSON.stringify(now)}: field is immutable`;
    const cause = { field: `metadata.${field}`, message, reason: 'FieldValueInvalid' } as const;
    throw invalid(kind, name, [cause, cause]); // as the real server lists it
  }
  if (was.type === 'strategic' || (next.kind === was.kind && next.apiVersion === was.apiVersion)) return;
  const problem = `no kind "${next.kind}" is registered for version "${next.apiVersion}" in scheme "pkg/runtime/scheme.go:111"`;
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(next))}: ${problem}`;
  throw invalid({ kind: '', group: '' }, '', [{ field: 'patch', message, reason: 'FieldValueInvalid' }]);
}

/** PATCH in any of the four formats. Server-side apply creates what is missing. */
export async function patchObject(
  deps: StoreDeps,
  target: Target,
  request: { patch: Patch; context: WriteContext },
): Promise<Written> {
  const { patch, context } = request;
  if (patch.type === 'apply') return serverSideApply(deps, target, { patch, context });
  if (patch.type === 'strategic' && !target.kind.builtin)
    throw new ApiError('UnsupportedMediaType', 'custom resources take no strategic merge patch');
  const mode = target.subresource === 'status' ? 'status' : 'main';
  let result: ClusterObject | undefined;
  const change = (live: ClusterObject): ClusterObject => {
    const { kind, apiVersion, metadata } = live;
    const { uid, deletionTimestamp } = metadata;
    result = patched(target.kind.schema, live, patch);
    if (target.kind.builtin)
      checkIdentity(target, result, { kind, apiVersion, uid, deletionTimestamp, type: patch.type });
    return result;
  };
  try {
    return await updateObject(deps, target, { context, mode, change, keepsValues: patch.type === 'merge' });
  } catch (error) {
    throw strictly(error, patch, result);
  }
}
