import { createHash } from 'node:crypto';
import type { KindInfo } from '../kinds/kind-info.ts';
import { readData } from '../../data/read-data.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import type { KindRegistry } from '../store/kind-registry.ts';

/** Discovery documents, made anew when the kinds have changed. */
export class Discovery {
  readonly #kinds: KindRegistry;
  readonly #documents = new Map<string, unknown>();
  #revision = -1;

  constructor(kinds: KindRegistry) {
    this.#kinds = kinds;
  }

  /** `/api` */
  coreVersions(serverAddress: string): object {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
    };
  }

  /** `/apis` */
  groupList(): object {
    const groups = this.#namedGroups().map((group) => this.#group(group));
    return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  }

  /** `/apis/GROUP` */
  group(name: string): object | undefined {
    if (name === '' || this.#kinds.versionsOf(name).length === 0) return undefined;
    return { kind: 'APIGroup', apiVersion: 'v1', ...this.#group(name) };
  }

  /** `/api/v1` and `/apis/GROUP/VERSION` */
  resourceList(group: string, version: string): object | undefined {
    const kinds = this.#kinds.inVersion(group, version);
    if (kinds.length === 0) return undefined;
    const groupVersion = apiVersionOf({ group, version });
    const resources = kinds.flatMap((kind) => [resourceEntry(kind), ...subresourceEntries(kind)]);
    if (kinds[0]?.builtin) resources.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { kind: 'APIResourceList', ...(group && { apiVersion: 'v1' }), groupVersion, resources };
  }

  /** Aggregated discovery: every group, version and resource in one document. */
  aggregated(root: '/api' | '/apis'): object {
    return this.#cached(root, () => {
      const groups = root === '/api' ? [''] : this.#namedGroups();
      const items = groups.map((name) => ({
        metadata: name ? { name } : {},
        versions: this.#kinds.versionsOf(name).map((version) => ({
          version,
          resources: this.#kinds.inVersion(name, version).sort(byResource).map(aggregatedEntry),
          freshness: 'Current',
        })),
      }));
      return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
    });
  }

  #cached(name: string, make: () => object): object {
    if (this.#revision !== this.#kinds.revision) this.#documents.clear();
    this.#revision = this.#kinds.revision;
    let document = this.#documents.get(name) as object | undefined; // only objects are put in
    if (!document) this.#documents.set(name, (document = make()));
    return document;
  }

  /** Built-in groups in their customary order, then the custom ones. */
  #namedGroups(): string[] {
    const order = builtinGroupOrder();
    const rank = (group: string): number => (order.includes(group) ? order.indexOf(group) : order.length);
    const names = this.#kinds
      .groups()
      .map(({ group }) => group)
      .filter((group) => group !== '');
    return names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  }

  #group(name: string): object {
    const versions = this.#kinds.versionsOf(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] };
  }
}

const byResource = (a: KindInfo, b: KindInfo): number => (a.resource < b.resource ? -1 : 1);

function builtinGroupOrder(): string[] {
  const { groups = [] } = readData('discovery.json')['/apis'] as unknown as { groups?: { name: string }[] }; // the one document of another shape
  return groups.map(({ name }) => name);
}

/** Any stable text will do: clients only compare it. Built-in kinds have the real server's. */
function storageHash(kind: KindInfo): string {
  if (kind.storageVersionHash) return kind.storageVersionHash;
  return createHash('sha256')
    .update(`${kind.group}/${kind.version}/${kind.kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64');
}

const verbsOf = (kind: KindInfo): readonly string[] => (kind.builtin || kind.computed ? kind.verbs : customVerbs);

interface ResourceEntry {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Custom kinds list their verbs in another order; some clients show them as they come. */
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

function resourceEntry(kind: KindInfo): ResourceEntry {
  const { resource: name, singular: singularName, namespaced, shortNames, categories } = kind;
  const stored = kind.verbs.includes('watch');
  return {
    name,
    singularName,
    namespaced,
    kind: kind.kind,
    verbs: verbsOf(kind),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(stored && (kind.storageVersionHash || !kind.builtin) && { storageVersionHash: storageHash(kind) }),
  };
}

function subresourceEntries(kind: KindInfo): ResourceEntry[] {
  return kind.subresources.map((part) => ({
    name: `${kind.resource}/${part.name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(part.version && { group: part.group, version: part.version }),
    kind: part.kind,
    verbs: part.verbs,
  }));
}

/** Built-in kinds leave out the group and version they are listed under. */
function responseKind({ builtin, group, version, kind }: KindInfo): { group: string; version: string; kind: string } {
  return builtin ? { group: '', version: '', kind } : { group, version, kind };
}

function aggregatedEntry(kind: KindInfo): object {
  const { resource, singular, shortNames, categories, subresources } = kind;
  return {
    resource,
    responseKind: responseKind(kind),
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(kind),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && {
      subresources: subresources.map((part) => ({
        subresource: part.name,
        responseKind: part.version
          ? { group: part.group ?? '', version: part.version, kind: part.kind }
          : { ...responseKind(kind), kind: part.kind },
        verbs: part.verbs,
      })),
    }),
  };
}
