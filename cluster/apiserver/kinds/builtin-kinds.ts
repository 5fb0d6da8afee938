import { readData, type DiscoveryResource } from '../../data/read-data.ts';
import { builtinSchema } from '../schema/builtin-schema.ts';
import type { KindInfo, SubresourceInfo } from './kind-info.ts';
import { autoscalerFromV2, autoscalerToV2, autoscalerV1Rules } from './autoscaler-v1.ts';
import { strategyOf } from './kind-rules.ts';
import type { KindRules } from './kind-rules.ts';
import { kindRules } from './rules/kind-rules-table.ts';

/** Every built-in resource the API serves, in discovery order. Schemas are made when first asked for. */
export function builtinKinds(): KindInfo[] {
  return Object.entries(readData('discovery.json')).flatMap(([path, list]) => {
    if (!list.resources) return [];
    const parts = path.split('/').slice(2);
    const [group, version] = parts.length === 2 ? parts : ['', parts[0]];
    const resources = list.resources.filter(({ name }) => !name.includes('/'));
    return resources.map((resource) =>
      kindInfo({ group: group ?? '', version: version ?? '' }, resource, list.resources),
    );
  });
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

function kindInfo(at: GroupVersion, resource: DiscoveryResource, all: readonly DiscoveryResource[]): KindInfo {
  const { kind, namespaced } = resource;
  const subresources = all.filter(({ name }) => name.startsWith(`${resource.name}/`)).map(subresource);
  const schemaName = schemaNames().get(`${at.group}/${at.version}/${kind}`);
  const deprecated = deprecations[`${at.group}/${kind}`];
  const once = lazily(() => {
    const schema = schemaName ? builtinSchema(schemaName) : {};
    const hasStatus = subresources.some(({ name }) => name === 'status');
    return { schema, strategy: strategyOf(rulesOf(at, kind), { schema, hasStatus, namespaced }) };
  });
  return {
    ...at,
    kind,
    listKind: `${kind}List`,
    resource: resource.name,
    singular: resource.singularName,
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    namespaced,
    verbs: resource.verbs,
    subresources,
    ...(schemaName && { schemaName }),
    ...(resource.storageVersionHash && { storageVersionHash: resource.storageVersionHash }),
    builtin: true,
    ...(deprecated && { deprecationWarning: deprecated }),
    ...(isOldAutoscaler(at, kind) && { storedAs: { fromStored: autoscalerFromV2, toStored: autoscalerToV2 } }),
    get schema() {
      return once().schema;
    },
    get strategy() {
      return once().strategy;
    },
  };
}

/** Built-in kinds whose every use is answered with a warning. */
const deprecations: Readonly<Record<string, string>> = {
  '/Endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  '/ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
};

function isOldAutoscaler({ group, version }: GroupVersion, kind: string): boolean {
  return group === 'autoscaling' && version === 'v1' && kind === 'HorizontalPodAutoscaler';
}

function rulesOf(at: GroupVersion, kind: string): KindRules {
  const rules = kindRules[`${at.group}/${kind}`] ?? {};
  return isOldAutoscaler(at, kind) ? autoscalerV1Rules(rules) : rules;
}

function subresource({ name, kind, verbs, group, version }: DiscoveryResource): SubresourceInfo {
  return { name: name.slice(name.indexOf('/') + 1), kind, verbs, ...(version && { group: group ?? '', version }) };
}

function lazily<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}

interface GroupVersionKind extends GroupVersion {
  readonly kind: string;
}

const schemaNames = lazily(() => {
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(readData('schemas.json'))) {
    const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as unknown as GroupVersionKind[]; // generated data
    if (kinds.length !== 1) continue;
    for (const { group, version, kind } of kinds) names.set(`${group}/${version}/${kind}`, name);
  }
  return names;
});

/** The OpenAPI name of any kind of the API, review kinds and the like included. */
export function schemaNameOf({ group, version, kind }: GroupVersionKind): string | undefined {
  return schemaNames().get(`${group}/${version}/${kind}`);
}
