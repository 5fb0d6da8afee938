import { defineRoute, type Permission, type Route } from '@kit/http';
import { Type } from 'typebox';
import { listedKinds } from '../lists/listed-kinds.ts';
import { viewOf, type ListedKind } from '../lists/listed-kind.ts';
import { countStates } from '../lists/state-tally.ts';
import type { ResourcesParts } from '../parts.ts';
import { untilSynced } from '../until-synced.ts';
import type { Visible } from '../visible-places.ts';

const base = '/kapis/resources.kubesphere.io/v1alpha2';
const permission: Permission = { by: 'rbac' };

/** Kinds of which some may be in trouble, and what KubeSphere calls them. */
const watched = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'persistentvolumeclaims'];
const troubled = ['failing', 'degraded', 'starting'];

async function abnormal(parts: ResourcesParts, where: Visible): Promise<Record<string, number>> {
  const found = watched.flatMap((plural) => listedKinds.get(plural) ?? []);
  await untilSynced(...found.map((kind) => viewOf(parts, kind)));
  const inTrouble = (kind: ListedKind): number => {
    const { states } = countStates(viewOf(parts, kind), where);
    return troubled.reduce((sum, state) => sum + (isWaitingJob(kind, state) ? 0 : (states[state] ?? 0)), 0);
  };
  return Object.fromEntries(found.map((kind) => [kind.type.plural, inTrouble(kind)]));
}

/** A job that has not begun is no trouble; one that failed is. */
function isWaitingJob({ type }: ListedKind, state: string): boolean {
  return type.plural === 'jobs' && state === 'starting';
}

const workloads = Type.Object({ namespace: Type.String(), data: Type.Record(Type.String(), Type.Integer()) });

/** How many workloads are in trouble (resources.kubesphere.io v1alpha2). */
export function abnormalRoutes(parts: ResourcesParts): Route[] {
  const shared = { method: 'GET', permission, tag: 'Resources' } as const;
  const params = Type.Object({ namespace: Type.String() });
  const one = (namespace: string): Visible => ({ key: namespace, names: new Set([namespace]) });
  return [
    defineRoute({
      ...shared,
      path: `${base}/abnormalworkloads`,
      scope: 'cluster',
      summary: 'Count the workloads of the cluster that are in trouble',
      responses: { 200: workloads },
      handle: async () => ({ namespace: '', data: await abnormal(parts, 'everywhere') }),
    }),
    defineRoute({
      ...shared,
      path: `${base}/namespaces/{namespace}/abnormalworkloads`,
      scope: 'project',
      summary: 'Count the workloads of a project that are in trouble',
      params,
      responses: { 200: workloads },
      handle: async ({ params: { namespace } }) => ({ namespace, data: await abnormal(parts, one(namespace)) }),
    }),
  ];
}
