import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import { apiVersionOf } from '@kit/kube';
import type { Static } from 'typebox';
import { fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { BindingObject, RoleObject, Subject, UserObject } from '../contract/index.ts';
import { awaitRow } from './await-row.ts';
import { groupRow } from './group-store.ts';
import type { MemberPlace } from './member-place.ts';
import type { IamParts } from './parts.ts';
import type { roleBindings } from './schemas.ts';

type Wanted = Static<typeof roleBindings>[number];

/** A place whose bindings are written, the workspace whose groups can be bound there, and who writes. */
export interface BindingRequest {
  readonly place: MemberPlace;
  readonly workspace: string | undefined;
  readonly caller: User;
}

/** Binds groups (and people) to roles of a place, one binding for each. All are checked before the first is written. */
export async function createBindings(
  parts: IamParts,
  request: BindingRequest,
  wanted: readonly Wanted[],
): Promise<BindingObject[]> {
  for (const one of wanted) await check(parts, request, one);
  const { place } = request;
  const made: BindingObject[] = [];
  for (const { roleRef, subjects } of wanted) {
    for (const subject of subjects) {
      const binding = bindingOf(place, subject, roleRef.name);
      made.push(await parts.kube.create(place.bindingType, binding, { fieldManager }));
    }
  }
  const view = parts.views.of(place.bindingType);
  await awaitRow(parts.clock, view, () => made.every(({ metadata }) => view.get(place.namespace, metadata.name)));
  return made;
}

async function check(parts: IamParts, { place, workspace, caller }: BindingRequest, wanted: Wanted): Promise<void> {
  const { name, kind = place.roleType.kind } = wanted.roleRef;
  if (kind !== place.roleType.kind) throw invalid('roleRef.kind', `only a ${place.roleType.kind} can be bound here`);
  const role = await parts.kube.find<RoleObject>(
    place.roleType,
    place.namespace === '' ? { name } : { namespace: place.namespace, name },
  );
  if (!role || !place.hasRole(role.metadata.labels ?? {})) {
    throw new ApiError('NotFound', `${place.title} has no role "${name}"`, {
      details: { group: place.roleType.group, kind: place.roleType.plural, name },
    });
  }
  for (const subject of wanted.subjects) await checkSubject(parts, workspace, subject);
  parts.index.checkMayGive(caller, place.where, { name, rules: role.rules });
}

async function checkSubject(
  parts: IamParts,
  workspace: string | undefined,
  { kind, name }: Wanted['subjects'][number],
): Promise<void> {
  if (kind === 'Group') {
    groupRow(parts.views, workspace ?? '', name);
    return;
  }
  if (kind !== 'User') throw invalid('subjects.kind', 'a Group or a User can be bound');
  const user = await parts.kube.find<UserObject>(iamTypes.users, { name });
  if (user && !user.metadata.deletionTimestamp) return;
  throw new ApiError('NotFound', `there is no user "${name}"`, { details: { kind: 'users', name } });
}

function invalid(field: string, message: string): ApiError {
  return new ApiError('Invalid', `${field}: ${message}`, {
    details: { causes: [{ field, message, reason: 'FieldValueNotSupported' }] },
  });
}

function bindingOf(place: MemberPlace, { kind, name }: Pick<Subject, 'kind' | 'name'>, role: string): BindingObject {
  const label = kind === 'Group' ? labels.groupRef : labels.userRef;
  return {
    apiVersion: apiVersionOf(place.bindingType),
    kind: place.bindingType.kind,
    metadata: {
      ...(kind === 'Group' ? { name: '', generateName: `${name}-${role}-` } : { name: `${name}-${role}` }),
      ...(place.namespace === '' ? {} : { namespace: place.namespace }),
      labels: { ...place.bindingLabels, [label]: name, [labels.managedBy]: fieldManager },
    },
    roleRef: { apiGroup: place.roleType.group, kind: place.roleType.kind, name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind, name }],
  };
}

/** Takes a binding of a place away, for a caller who could give its role. */
export async function deleteBinding(parts: IamParts, { place, caller }: BindingRequest, name: string): Promise<void> {
  const view = parts.views.of<BindingObject>(place.bindingType);
  const row = view.get(place.namespace, name);
  const isHere = row && Object.entries(place.bindingLabels).every(([key, value]) => row.labels[key] === value);
  if (!isHere) {
    throw new ApiError('NotFound', `${place.title} has no binding "${name}"`, {
      details: { group: place.bindingType.group, kind: place.bindingType.plural, name },
    });
  }
  const { roleRef } = row.object();
  const type = roleRef.kind === 'ClusterRole' ? iamTypes.clusterRoles : place.roleType;
  const role = parts.views
    .of<RoleObject>(type)
    .get(type.namespaced ? place.namespace : '', roleRef.name)
    ?.object();
  if (role) parts.index.checkMayGive(caller, place.where, { name: roleRef.name, rules: role.rules });
  await parts.kube.delete(place.bindingType, place.namespace === '' ? { name } : { namespace: place.namespace, name });
  await awaitRow(parts.clock, view, () => view.get(place.namespace, name) === undefined);
}
