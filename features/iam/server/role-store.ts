import { ApiError, isApiError } from '@kit/base';
import type { User } from '@kit/http';
import { apiVersionOf } from '@kit/kube';
import type { ObjectKey, Row, Views } from '@kit/kube';
import type { Static } from 'typebox';
import { annotations, fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { BindingObject, RoleObject } from '../contract/index.ts';
import { isBuiltInRole } from '../rules/own-role.ts';
import { namesIn, withDependencies } from '../rules/template-names.ts';
import { awaitRow } from './await-row.ts';
import type { IamParts } from './parts.ts';
import type { PathValues, RoleLevel, RolePlace } from './role-levels.ts';
import type { roleBody, metadataPatch } from './schemas.ts';

type RoleBody = Static<typeof roleBody>;
type RolePatch = Static<typeof metadataPatch>;

/** One role, where it is, and who asks. */
export interface RoleRequest {
  readonly level: RoleLevel;
  readonly place: RolePlace;
  readonly caller: User;
  readonly name: string;
}

/** The role of a path; `NotFound` also for one of another place. */
export function roleRow(views: Views, level: RoleLevel, params: PathValues): Row<RoleObject> {
  const { namespace } = level.placeOf(params, views);
  const name = params[level.parameter] ?? '';
  const row = views.of<RoleObject>(level.type).get(namespace, name);
  if (row && level.belongs(row, params)) return row;
  throw notFound(level, name);
}

function notFound({ type }: RoleLevel, name: string): ApiError {
  const details = { group: type.group, kind: type.plural, name };
  return new ApiError('NotFound', `${type.plural}.${type.group} "${name}" not found`, { details });
}

/** Makes a role of the templates it names and of those they depend on; rules that the body brings are not taken. */
export async function createRole(parts: IamParts, request: RoleRequest, body: RoleBody): Promise<RoleObject> {
  const { level, place, caller, name } = request;
  checkLabels(place, body);
  const made = aggregated(parts, request, body.metadata.annotations ?? {});
  parts.index.checkMayGive(caller, place.where, { name, rules: made.rules });
  const role: RoleObject = {
    apiVersion: apiVersionOf(level.type),
    kind: level.type.kind,
    metadata: {
      name,
      ...(place.namespace === '' ? {} : { namespace: place.namespace }),
      labels: { ...body.metadata.labels, ...place.labels, [labels.managedBy]: fieldManager },
      annotations: { ...made.annotations, [annotations.creator]: caller.name },
    },
    rules: made.rules,
  };
  if (isBuiltInRole(role)) throw builtIn(request);
  const created = await parts.kube.create(level.type, role, { fieldManager });
  await seen(parts, request, created);
  return created;
}

/** Replaces what a role is made of; the version must be the one read. */
export async function replaceRole(parts: IamParts, request: RoleRequest, body: RoleBody): Promise<RoleObject> {
  const { name } = request;
  if (body.metadata.name !== name)
    throw new ApiError('BadRequest', `the body is about role "${body.metadata.name}", the path about "${name}"`);
  if (!body.metadata.resourceVersion) {
    throw new ApiError('Conflict', 'metadata.resourceVersion: say which version of the role was changed', {
      details: { kind: request.level.type.plural, name },
    });
  }
  checkLabels(request.place, body);
  const current = await changeable(parts, request);
  const kept = { [annotations.creator]: current.metadata.annotations?.[annotations.creator] ?? request.caller.name };
  return write(parts, request, {
    ...current,
    metadata: {
      ...current.metadata,
      resourceVersion: body.metadata.resourceVersion,
      labels: { ...body.metadata.labels, ...request.place.labels, [labels.managedBy]: fieldManager },
      annotations: { ...body.metadata.annotations, ...kept },
    },
  });
}

/** Changes labels and annotations by a merge patch (RFC 7396): null takes one away. */
export async function patchRole(parts: IamParts, request: RoleRequest, patch: RolePatch): Promise<RoleObject> {
  const { metadata = {} } = patch;
  checkLabels(request.place, { metadata });
  const current = await changeable(parts, request);
  return write(parts, request, {
    ...current,
    metadata: {
      ...current.metadata,
      resourceVersion: metadata.resourceVersion ?? current.metadata.resourceVersion ?? '',
      labels: merged(current.metadata.labels, metadata.labels),
      annotations: merged(current.metadata.annotations, metadata.annotations),
    },
  });
}

function merged(
  current: Readonly<Record<string, string>> = {},
  changes: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const all = Object.entries({ ...current, ...changes });
  return Object.fromEntries(all.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}

/** The role as it is, for a caller who holds all that it allows: nobody changes a role that reaches further than they do. */
async function changeable(parts: IamParts, request: RoleRequest): Promise<RoleObject> {
  const { level, place, caller, name } = request;
  const current = await parts.kube.find<RoleObject>(level.type, keyOf(request));
  if (!current) throw notFound(level, name);
  if (isBuiltInRole({ ...current, kind: level.type.kind })) throw builtIn(request);
  parts.index.checkMayGive(caller, place.where, { name, rules: current.rules });
  return current;
}

async function write(parts: IamParts, request: RoleRequest, next: RoleObject): Promise<RoleObject> {
  const { level, place, caller, name } = request;
  const made = aggregated(parts, request, next.metadata.annotations ?? {});
  parts.index.checkMayGive(caller, place.where, { name, rules: made.rules });
  const role = { ...next, metadata: { ...next.metadata, annotations: made.annotations }, rules: made.rules };
  const updated = await parts.kube.update(level.type, role, { fieldManager });
  await seen(parts, request, updated);
  return updated;
}

function builtIn({ level, name }: RoleRequest): ApiError {
  return new ApiError('Forbidden', `role "${name}" is built in and stays as it is; make one of your own instead`, {
    details: { group: level.type.group, kind: level.type.plural, name },
  });
}

/** What ties a role to its place, and what makes it a template, is not the caller's to say. */
function checkLabels({ labels: fixed }: RolePlace, { metadata }: RolePatch): void {
  const given = metadata?.labels ?? {};
  if (labels.roleTemplate in given)
    throw new ApiError('Forbidden', `the label ${labels.roleTemplate} is for the platform's own templates`);
  for (const [key, value] of Object.entries(fixed)) {
    if (key in given && given[key] !== value)
      throw new ApiError('BadRequest', `the label ${key} says "${given[key] ?? 'null'}", the path "${value}"`);
  }
}

/** The rules of a role, and its annotations with the dependencies of its templates written in. */
function aggregated(
  { views }: IamParts,
  { level, place }: RoleRequest,
  given: Readonly<Record<string, string>>,
): { readonly rules: NonNullable<RoleObject['rules']>; readonly annotations: Record<string, string> } {
  const view = views.of<RoleObject>(level.type);
  const text = given[annotations.aggregationRoles];
  const asked = namesIn(text);
  const { templates, missing } = withDependencies(asked, (name) => {
    const row = view.get(place.namespace, name);
    return row && labels.roleTemplate in row.labels ? row.object() : undefined;
  });
  const unknown = missing.find((name) => asked.includes(name));
  if (unknown !== undefined) {
    const details = { group: level.type.group, kind: level.type.plural, name: unknown };
    throw new ApiError('NotFound', `there is no role template "${unknown}"`, { details });
  }
  const names = templates.map(({ metadata }) => metadata.name);
  const rules = templates.flatMap((template) => template.rules ?? []);
  const isWhole = names.length === asked.length;
  return {
    rules,
    annotations: { ...given, ...(isWhole ? {} : { [annotations.aggregationRoles]: JSON.stringify(names) }) },
  };
}

function keyOf({ place: { namespace }, name }: RoleRequest): ObjectKey {
  return namespace === '' ? { name } : { namespace, name };
}

async function seen(
  { clock, views }: IamParts,
  { level, place }: RoleRequest,
  { metadata }: RoleObject,
): Promise<void> {
  const view = views.of(level.type);
  const { name, resourceVersion } = metadata;
  await awaitRow(clock, view, () => view.get(place.namespace, name)?.resourceVersion === resourceVersion);
}

const bindingTypesOf: Readonly<Record<string, readonly (typeof iamTypes)[keyof typeof iamTypes][]>> = {
  GlobalRole: [iamTypes.globalRoleBindings],
  WorkspaceRole: [iamTypes.workspaceRoleBindings],
  ClusterRole: [iamTypes.clusterRoleBindings, iamTypes.roleBindings],
  Role: [iamTypes.roleBindings],
};

/**
 * Deletes a role and, first, every binding to it: a role that is later made under the same name must not find people
 * bound. The cluster is asked for them, because a view could be behind.
 */
export async function deleteRole(parts: IamParts, request: RoleRequest): Promise<void> {
  const { level, place, name } = request;
  await changeable(parts, request);
  for (const type of bindingTypesOf[level.type.kind] ?? []) {
    const { items } = await parts.kube.list<BindingObject>(
      type,
      place.namespace === '' ? {} : { namespace: place.namespace },
    );
    for (const { roleRef, metadata } of items) {
      if (roleRef.kind !== level.type.kind || roleRef.name !== name) continue;
      const key = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
      await ignoreMissing(parts.kube.delete(type, { ...key, name: metadata.name }));
    }
  }
  await parts.kube.delete(level.type, keyOf(request));
  const view = parts.views.of(level.type);
  await awaitRow(parts.clock, view, () => view.get(place.namespace, name) === undefined);
}

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isApiError(error, 'NotFound')) throw error;
  });
}
