import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import { apiVersionOf } from '@kit/kube';
import type { Row, Views } from '@kit/kube';
import type { Static } from 'typebox';
import { annotations, fieldManager, groupFinalizer, iamTypes, labels } from '../contract/index.ts';
import type { GroupObject } from '../contract/index.ts';
import { awaitRow } from './await-row.ts';
import { checkMayJoin } from './group-rights.ts';
import type { IamParts } from './parts.ts';
import type { groupBody, metadataPatch } from './schemas.ts';

const type = iamTypes.groups;
type GroupBody = Static<typeof groupBody>;
type Labels = Readonly<Record<string, string | null>>;

/** A group of a workspace, and who asks about it. */
export interface GroupRequest {
  readonly caller: User;
  readonly workspace: string;
  readonly group: string;
}

/** A group of this workspace; `NotFound` also for one of another. */
export function groupRow(views: Views, workspace: string, name: string): Row<GroupObject> {
  const row = views.of<GroupObject>(type).get('', name);
  if (row?.labels[labels.workspace] === workspace) return row;
  throw new ApiError('NotFound', `workspace "${workspace}" has no group "${name}"`, {
    details: { group: type.group, kind: type.plural, name },
  });
}

/** The group that another belongs to; the console of KubeSphere writes `root` for none. */
function parentIn(given: Labels = {}): string | undefined {
  const parent = given[labels.groupParent];
  return parent === undefined || parent === null || parent === '' || parent === 'root' ? undefined : parent;
}

function checkPlace(views: Views, workspace: string, { given, name }: { given: Labels | undefined; name?: string }) {
  const own = given?.[labels.workspace];
  if (own !== undefined && own !== workspace)
    throw new ApiError('BadRequest', `the label ${labels.workspace} says "${own ?? 'null'}", the path "${workspace}"`);
  let parent = parentIn(given);
  const above = new Set<string>();
  while (parent !== undefined && !above.has(parent)) {
    if (parent === name) {
      const message = `group "${name}" cannot be below itself`;
      throw new ApiError('Invalid', message, {
        details: {
          causes: [{ field: `metadata.labels[${labels.groupParent}]`, message, reason: 'FieldValueInvalid' }],
        },
      });
    }
    above.add(parent);
    parent = parentIn(groupRow(views, workspace, parent).labels);
  }
}

/** Makes a group; a name ending is chosen when only the beginning is given. */
export async function createGroup(
  parts: IamParts,
  { caller, workspace }: Omit<GroupRequest, 'group'>,
  { metadata }: GroupBody,
): Promise<GroupObject> {
  checkPlace(parts.views, workspace, { given: metadata.labels });
  const { name = '', generateName, labels: given, annotations: notes } = metadata;
  if (name === '' && !generateName) {
    const message = 'name or generateName is required';
    throw new ApiError('Invalid', message, {
      details: { causes: [{ field: 'metadata.name', message, reason: 'FieldValueRequired' }] },
    });
  }
  // A name that people are bound under already, by an identity provider perhaps, is not free to take.
  if (name !== '') checkMayJoin(parts, caller, name);
  const group: GroupObject = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      name,
      ...(generateName ? { generateName } : {}),
      labels: { ...given, [labels.workspace]: workspace },
      annotations: { ...notes, [annotations.creator]: caller.name },
      finalizers: [groupFinalizer],
    },
    spec: {},
  };
  return written(parts, await parts.kube.create(type, group, { fieldManager }));
}

/** Replaces labels and annotations; the version must be the one read. */
export async function replaceGroup(parts: IamParts, request: GroupRequest, body: GroupBody): Promise<GroupObject> {
  const { metadata } = body;
  if (metadata.name !== undefined && metadata.name !== request.group)
    throw new ApiError('BadRequest', `the body is about group "${metadata.name}", the path about "${request.group}"`);
  if (!metadata.resourceVersion)
    throw new ApiError('Conflict', 'metadata.resourceVersion: say which version of the group was changed');
  const current = await currentGroup(parts, request, metadata.labels);
  return update(parts, request, {
    ...current,
    metadata: {
      ...current.metadata,
      resourceVersion: metadata.resourceVersion,
      labels: { ...metadata.labels },
      annotations: { ...metadata.annotations },
    },
  });
}

/** Changes labels and annotations by a merge patch. */
export async function patchGroup(
  parts: IamParts,
  request: GroupRequest,
  { metadata = {} }: Static<typeof metadataPatch>,
): Promise<GroupObject> {
  const current = await currentGroup(parts, request, metadata.labels);
  const { resourceVersion = current.metadata.resourceVersion ?? '' } = metadata;
  return update(parts, request, {
    ...current,
    metadata: {
      ...current.metadata,
      resourceVersion,
      labels: merged(current.metadata.labels, metadata.labels),
      annotations: merged(current.metadata.annotations, metadata.annotations),
    },
  });
}

function merged(current: Readonly<Record<string, string>> = {}, changes: Labels = {}): Record<string, string> {
  const all = Object.entries({ ...current, ...changes });
  return Object.fromEntries(all.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}

async function currentGroup(
  parts: IamParts,
  { workspace, group }: GroupRequest,
  given: Labels | undefined,
): Promise<GroupObject> {
  groupRow(parts.views, workspace, group);
  checkPlace(parts.views, workspace, { given, name: group });
  return parts.kube.get<GroupObject>(type, { name: group });
}

async function update(parts: IamParts, { workspace }: GroupRequest, next: GroupObject): Promise<GroupObject> {
  const fixed = { ...next.metadata.labels, [labels.workspace]: workspace };
  const group = { ...next, metadata: { ...next.metadata, labels: fixed } };
  return written(parts, await parts.kube.update(type, group, { fieldManager }));
}

async function written({ clock, views }: IamParts, group: GroupObject): Promise<GroupObject> {
  const { name, resourceVersion } = group.metadata;
  const view = views.of(type);
  await awaitRow(clock, view, () => view.get('', name)?.resourceVersion === resourceVersion);
  return group;
}

/** Deletes a group; its members, its roles and the groups below it go with it. */
export async function deleteGroup(parts: IamParts, { caller, workspace, group }: GroupRequest): Promise<void> {
  groupRow(parts.views, workspace, group);
  checkMayJoin(parts, caller, group);
  await parts.kube.delete(type, { name: group });
}
