import { systemClock } from '@kit/base';
import type { Clock } from '@kit/base';
import type { KubeClient } from './client-api.ts';
import { apiVersionOf } from './path.ts';
import type { ResourceType } from './types.ts';

/** A kind as the server announces it. */
export interface DiscoveredType extends ResourceType {
  readonly singular: string;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
}

interface GroupVersions {
  readonly groups: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
}

interface ApiResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface AggregatedResource {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource?: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

interface AggregatedList {
  readonly kind: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources?: readonly AggregatedResource[] }[];
  }[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

function fromAggregated(list: AggregatedList): DiscoveredType[] {
  return (list.items ?? []).flatMap((group) =>
    group.versions.flatMap(({ version, resources = [] }) =>
      resources.map((resource) => ({
        group: group.metadata?.name ?? '',
        version,
        kind: resource.responseKind?.kind ?? '',
        plural: resource.resource,
        namespaced: resource.scope === 'Namespaced',
        singular: resource.singularResource ?? '',
        verbs: resource.verbs,
        shortNames: resource.shortNames ?? [],
        categories: resource.categories ?? [],
        subresources: (resource.subresources ?? []).map((one) => one.subresource),
      })),
    ),
  );
}

function fromResourceList(groupVersion: string, resources: readonly ApiResource[]): DiscoveredType[] {
  const [first = '', second] = groupVersion.split('/');
  const subresourcesOf = (plural: string): string[] =>
    resources.filter(({ name }) => name.startsWith(`${plural}/`)).map(({ name }) => name.slice(plural.length + 1));
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, singularName = '', verbs, shortNames = [], categories = [] }) => ({
      group: second === undefined ? '' : first,
      version: second ?? first,
      kind,
      plural: name,
      namespaced,
      singular: singularName,
      verbs,
      shortNames,
      categories,
      subresources: subresourcesOf(name),
    }));
}

async function oneByOne(client: KubeClient): Promise<DiscoveredType[]> {
  const { groups } = await client.json<GroupVersions>({ method: 'GET', path: '/apis' });
  const groupVersions = groups.flatMap((group) => group.versions.map((version) => version.groupVersion));
  const lists = await Promise.all(
    ['v1', ...groupVersions].map(async (groupVersion) => {
      const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
      // A group whose own server (an APIService) is down must not hide all the others.
      const list = await client
        .json<{ resources: readonly ApiResource[] }>({ method: 'GET', path })
        .catch(() => ({ resources: [] }));
      return fromResourceList(groupVersion, list.resources);
    }),
  );
  return lists.flat();
}

/** Every kind the server serves now, in the order it prefers them; in two requests where it knows how (1.30 and newer). */
export async function discover(client: KubeClient): Promise<DiscoveredType[]> {
  const headers = { accept: aggregated };
  const [core, groups] = await Promise.all([
    client.json<AggregatedList>({ method: 'GET', path: '/api', headers }),
    client.json<AggregatedList>({ method: 'GET', path: '/apis', headers }),
  ]);
  if (core.kind !== 'APIGroupDiscoveryList' || groups.kind !== 'APIGroupDiscoveryList') return oneByOne(client);
  return [...fromAggregated(core), ...fromAggregated(groups)];
}

export interface Discovery {
  /** The kinds as last asked for, at most `maxAgeMs` ago. */
  types(): Promise<readonly DiscoveredType[]>;
  /** Asks the server now. */
  refresh(): Promise<readonly DiscoveredType[]>;
  /** The kind that objects name by `apiVersion` and `kind`; asks anew before it answers that there is none. */
  find(apiVersion: string, kind: string): Promise<DiscoveredType | undefined>;
}

export interface DiscoveryOptions {
  readonly clock?: Clock;
  readonly maxAgeMs?: number;
}

/** Discovery with a memory; many who ask at once share one answer. */
export function createDiscovery(client: KubeClient, options: DiscoveryOptions = {}): Discovery {
  const { clock = systemClock, maxAgeMs = 60_000 } = options;
  let known: { types: Promise<DiscoveredType[]>; atMs: number } | undefined;

  const refresh = (): Promise<DiscoveredType[]> => {
    const mine = { types: discover(client), atMs: clock.now() };
    known = mine;
    mine.types.catch(() => {
      if (known === mine) known = undefined; // a failure is not remembered
    });
    return mine.types;
  };
  const types = (): Promise<DiscoveredType[]> =>
    known && clock.now() - known.atMs < maxAgeMs ? known.types : refresh();
  const pick = (all: readonly DiscoveredType[], apiVersion: string, kind: string): DiscoveredType | undefined =>
    all.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);

  return {
    types,
    refresh,
    find: async (apiVersion, kind) => pick(await types(), apiVersion, kind) ?? pick(await refresh(), apiVersion, kind),
  };
}
