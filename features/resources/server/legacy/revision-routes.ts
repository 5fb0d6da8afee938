import { ApiError } from '@kit/base';
import { defineRoute, type Permission, type Route } from '@kit/http';
import { kinds, type KubeObject, type ResourceType } from '@kit/kube';
import { Type } from 'typebox';
import { isOwnedBy } from '../../rules/revisions.ts';
import type { ResourcesParts } from '../parts.ts';
import { untilSynced } from '../until-synced.ts';

const base = '/kapis/resources.kubesphere.io/v1alpha2/namespaces/{namespace}';
/** Who may read the revisions of a project may read what they make up. */
const permission: Permission = {
  by: 'rbac',
  attributes: { verb: 'list', group: 'apps', resource: 'controllerrevisions', name: '', subresource: '' },
};

interface ControllerRevision extends KubeObject {
  revision?: number;
  data?: { spec?: { template?: Record<string, unknown> } };
}

interface Asked {
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
}

/** The set as it was in that revision: of today, but for the pod template. */
async function setAt({ views }: ResourcesParts, type: ResourceType, asked: Asked): Promise<KubeObject> {
  const [sets, revisions] = [views.of(type), views.of<ControllerRevision>(kinds.controllerrevisions)];
  await untilSynced(sets, revisions);
  const { namespace, name, revision } = asked;
  const set = sets.get(namespace, name)?.object();
  if (!set) {
    const details = { kind: type.plural, group: type.group, name };
    throw new ApiError('NotFound', `${type.plural}.${type.group} "${name}" not found`, { details });
  }
  const found = [...revisions.rows(namespace)]
    .map((row) => row.object())
    .find((one) => one.revision === revision && isOwnedBy(one, set));
  const template = found?.data?.spec?.template;
  if (!template) {
    const details = { kind: 'revisions', name: String(revision) };
    throw new ApiError('NotFound', `${type.kind} "${name}" has no revision ${revision}`, { details });
  }
  // `$patch` is a word to the merge that would roll back, and no field.
  const { $patch: _patch, ...shown } = template;
  return { ...set, spec: { ...(set['spec'] as object), template: shown } }; // cast: both kinds have one
}

/** Revisions of daemon sets and stateful sets (resources.kubesphere.io v1alpha2). */
export function setRevisionRoutes(parts: ResourcesParts): Route[] {
  return [kinds.daemonsets, kinds.statefulsets].map((type) => {
    const word = type.plural.slice(0, -1);
    return defineRoute({
      method: 'GET',
      path: `${base}/${type.plural}/{${word}}/revisions/{revision}`,
      scope: 'project',
      permission,
      summary: `Read a ${type.kind} as it was in one of its revisions`,
      tag: 'Revisions',
      params: Type.Object({ namespace: Type.String(), [word]: Type.String(), revision: Type.Integer() }),
      responses: { 200: Type.Object({}) },
      handle: ({ params }) => {
        const { namespace, revision, [word]: name = '' } = params as unknown as Asked & Record<string, string>; // the schema has these three
        return setAt(parts, type, { namespace, name: String(name), revision });
      },
    });
  });
}
