import { ApiError } from '@kit/base';
import { defineRoute, type Permission, type Route, type User } from '@kit/http';
import { listQuery, listRows } from '@kit/kube/listing';
import { Type } from 'typebox';
import { hasStatus, kindCounts, stateCounts, type KindCounts, type StateCounts } from '../../contract/index.ts';
import type { ResourcesParts } from '../parts.ts';
import { untilSynced } from '../until-synced.ts';
import type { ListRight, Visible } from '../visible-places.ts';
import { viewOf, type ListedKind } from './listed-kind.ts';
import { countRows, countStates } from './state-tally.ts';

/** Who may list a kind may have it counted. */
const mayList: Permission = {
  by: 'rbac',
  attributes: { verb: 'list', group: 'resources.kubesphere.io', name: '', subresource: '' },
};
const ofOneself: Permission = { by: 'signedIn', why: 'counts only objects that the caller may list' };
const own = '/kapis/resources.freehold.io/v1alpha1';
const tag = 'Resources';

async function countable(parts: ResourcesParts, plural: string, namespace?: string): Promise<ListedKind> {
  const kind = await parts.finder.find(plural, namespace);
  if (kind && hasStatus(kind.type.plural)) return kind;
  throw new ApiError('BadRequest', `${plural} have no states to count by`, { details: { kind: plural } });
}

interface Where {
  readonly namespace?: string;
  readonly workspace?: string;
}

const ofOne = (namespace: string): Visible => ({ key: namespace, names: new Set([namespace]) });

/** Where the caller may list a kind, of the place asked about; `undefined` when nowhere. */
function whereFor(
  { places }: ResourcesParts,
  user: User,
  asked: { kind: ListedKind; where: Where },
): Visible | undefined {
  const { plural, group, namespaced } = asked.kind.type;
  const { namespace, workspace } = asked.where;
  const right: ListRight = { plural, group, guarded: asked.kind.guarded === true };
  if (!namespaced)
    return namespace === undefined && workspace === undefined && places.mayList(user, right) ? 'everywhere' : undefined;
  if (namespace !== undefined) return places.mayList(user, right, namespace) ? ofOne(namespace) : undefined;
  return places.of(user, right, workspace);
}

const maxKinds = 20;
const usualKinds = 'deployments,statefulsets,daemonsets,jobs,cronjobs,pods,persistentvolumeclaims';

async function countKinds(
  parts: ResourcesParts,
  user: User,
  asked: { kinds?: string | undefined; where: Where },
): Promise<KindCounts> {
  const names = [...new Set((asked.kinds || usualKinds).split(',').map((name) => name.trim()))];
  if (names.length > maxKinds) throw new ApiError('BadRequest', `kinds: at most ${maxKinds}`);
  const kinds = await Promise.all(names.map((name) => countable(parts, name)));
  const counts: Record<string, StateCounts> = {};
  const refused: string[] = [];
  for (const kind of kinds) {
    const { plural } = kind.type;
    const where = whereFor(parts, user, { kind, where: asked.where });
    if (where === undefined) refused.push(plural);
    else {
      const view = viewOf(parts, kind);
      await untilSynced(view);
      counts[plural] = countStates(view, where);
    }
  }
  return { kinds: counts, refused };
}

function manyRoutes(parts: ResourcesParts): Route[] {
  const common = {
    method: 'GET',
    permission: ofOneself,
    tag,
    query: Type.Object({
      kinds: Type.Optional(Type.String({ description: `joined by commas; default: ${usualKinds}` })),
    }),
    responses: { 200: kindCounts },
  } as const;
  return [
    defineRoute({
      ...common,
      path: `${own}/counts`,
      scope: 'platform',
      summary: 'Count the objects of some kinds by state, wherever the caller may list them',
      handle: ({ user, query }) => countKinds(parts, user, { ...query, where: {} }),
    }),
    defineRoute({
      ...common,
      path: `${own}/workspaces/{workspace}/counts`,
      scope: 'workspace',
      summary: 'Count the objects of some kinds in the projects of a workspace by state',
      params: Type.Object({ workspace: Type.String() }),
      handle: ({ user, query, params }) => countKinds(parts, user, { ...query, where: params }),
    }),
    defineRoute({
      ...common,
      path: `${own}/namespaces/{namespace}/counts`,
      scope: 'project',
      summary: 'Count the objects of some kinds in a project by state',
      params: Type.Object({ namespace: Type.String() }),
      handle: ({ user, query, params }) => countKinds(parts, user, { ...query, where: params }),
    }),
  ];
}

/** How many objects are in each state: of one kind with the list's own filters, or of several kinds at once. */
export function countRoutes(parts: ResourcesParts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: `${own}/namespaces/{namespace}/{resources}/counts`,
      scope: 'project',
      permission: mayList,
      summary: 'Count the objects of a kind in a project by state',
      tag,
      params: Type.Object({ namespace: Type.String(), resources: Type.String() }),
      query: Type.Object({ name: Type.Optional(Type.String()), labelSelector: Type.Optional(Type.String()) }),
      responses: { 200: stateCounts },
      handle: async ({ params: { namespace, resources }, query }): Promise<StateCounts> => {
        const kind = await countable(parts, resources, namespace);
        const view = viewOf(parts, kind);
        await untilSynced(view);
        if (Object.keys(query).length === 0) return countStates(view, ofOne(namespace));
        const rules = kind.filters ? { filters: kind.filters } : {};
        return countRows(kind.type.plural, listRows(view.rows(namespace), listQuery(query), rules).rows);
      },
    }),
    ...manyRoutes(parts),
  ];
}
