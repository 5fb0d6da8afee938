import type { Logger } from '@kit/base';
import { byStability } from '../store/kind-registry.ts';
import { OutboundError } from '../outbound/outbound-error.ts';
import { getRemote } from './remote-connection.ts';
import type { RemoteDeps } from './remote-connection.ts';
import type { RemoteService } from './remote-service.ts';
import type { RemoteServices } from './remote-services.ts';

interface AggregatedVersion {
  readonly version: string;
  readonly resources?: readonly object[];
  readonly freshness?: string;
}

interface AggregatedGroup {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly AggregatedVersion[];
}

interface ApiGroup {
  readonly name: string;
  readonly versions: readonly { readonly groupVersion: string; readonly version: string }[];
  readonly preferredVersion?: unknown;
}

/** An entry of the older discovery document of a group version. */
interface ApiResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

const timeoutMs = 5_000;
const aggregatedAccept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(body) as Record<string, unknown> | null; // looked at field by field, and next
    return typeof value === 'object' ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** The older document in the form of the newer one. */
function aggregatedFrom(remote: RemoteService, resources: readonly ApiResource[]): AggregatedVersion {
  const { group, version } = remote;
  const kindOf = (entry: ApiResource): object => ({
    group: entry.group ?? group,
    version: entry.version ?? version,
    kind: entry.kind,
  });
  const whole = resources.filter(({ name }) => !name.includes('/'));
  return {
    version,
    resources: whole.map((entry) => {
      const parts = resources.filter(({ name }) => name.startsWith(`${entry.name}/`));
      return {
        resource: entry.name,
        responseKind: kindOf(entry),
        scope: entry.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: entry.singularName ?? '',
        verbs: entry.verbs,
        ...(entry.shortNames && { shortNames: entry.shortNames }),
        ...(entry.categories && { categories: entry.categories }),
        ...(parts.length > 0 && {
          subresources: parts.map((part) => ({
            subresource: part.name.slice(entry.name.length + 1),
            responseKind: kindOf(part),
            verbs: part.verbs,
          })),
        }),
      };
    }),
  };
}

/** What aggregated API servers say of themselves, for the documents that describe the whole API. */
export class RemoteDocuments {
  readonly #deps: RemoteDeps & { readonly log: Logger };
  readonly #services: RemoteServices;
  readonly #discovery = new Map<string, AggregatedVersion>();
  readonly #openApi = new Map<string, { readonly hash: string }>();

  constructor(deps: RemoteDeps & { readonly log: Logger }, services: RemoteServices) {
    this.#deps = deps;
    this.#services = services;
  }

  /** Reads the documents of a server anew; one that cannot be read leaves the one before it. */
  async refresh(remote: RemoteService): Promise<void> {
    try {
      this.#discovery.set(remote.name, await this.#readDiscovery(remote));
      const hash = await this.#readOpenApiHash(remote);
      if (hash === undefined) this.#openApi.delete(remote.name);
      else this.#openApi.set(remote.name, { hash });
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      this.#deps.log.warn('an API service does not describe itself', { name: remote.name, error });
    }
  }

  async #readDiscovery(remote: RemoteService): Promise<AggregatedVersion> {
    const { group, version } = remote;
    const whole = await getRemote(this.#deps, remote, { path: '/apis', accept: aggregatedAccept, timeoutMs });
    if (whole.status === 200 && whole.contentType.includes('as=APIGroupDiscoveryList')) {
      const { items = [] } = (parsed(whole.body) ?? {}) as { items?: readonly AggregatedGroup[] }; // looked at next
      const found = items.find((item) => item.metadata.name === group)?.versions.find((one) => one.version === version);
      if (found) return found;
    }
    const own = await getRemote(this.#deps, remote, { path: `/apis/${group}/${version}`, timeoutMs });
    const { resources = [] } = (parsed(own.body) ?? {}) as { resources?: readonly ApiResource[] }; // as above
    return aggregatedFrom(remote, resources);
  }

  async #readOpenApiHash(remote: RemoteService): Promise<string | undefined> {
    const index = await getRemote(this.#deps, remote, { path: '/openapi/v3', timeoutMs });
    if (index.status !== 200) return undefined;
    const { paths = {} } = (parsed(index.body) ?? {}) as {
      paths?: Readonly<Record<string, { serverRelativeURL?: string }>>;
    }; // as above
    const own = paths[`apis/${remote.group}/${remote.version}`];
    return own && (/hash=([^&]*)/.exec(own.serverRelativeURL ?? '')?.[1] ?? '');
  }

  /** `/apis` with the groups of other servers in it. */
  withGroups(document: object): object {
    if (this.#services.isEmpty) return document;
    const { groups = [] } = document as { groups?: readonly ApiGroup[] }; // made by Discovery
    const names = this.#groupNames();
    const known = groups.map((group) => (names.includes(group.name) ? this.#merged(group) : group));
    const others = names
      .filter((name) => !groups.some((group) => group.name === name))
      .map((name) => this.#merged({ name, versions: [] }));
    return { ...document, groups: [...known, ...others] };
  }

  /** `/apis/GROUP`, where other servers have a part in it. */
  group(name: string, own: object | undefined): object | undefined {
    if (this.#services.isEmpty || !this.#groupNames().includes(name)) return own;
    const group = (own ?? { name, versions: [] }) as ApiGroup; // made by Discovery
    return { kind: 'APIGroup', apiVersion: 'v1', ...this.#merged(group) };
  }

  /** Aggregated discovery with what other servers serve; a server that does not answer is listed as stale. */
  withDiscovery(document: object): object {
    if (this.#services.isEmpty) return document;
    const { items = [] } = document as { items?: readonly AggregatedGroup[] }; // made by Discovery
    const names = this.#groupNames();
    const merge = (group: AggregatedGroup): AggregatedGroup => {
      const remotes = this.#of(group.metadata.name ?? '');
      const own = group.versions.filter(({ version }) => !remotes.some((remote) => remote.version === version));
      const versions = [...own, ...remotes.map((remote) => this.#version(remote))];
      return { ...group, versions: versions.sort((a, b) => byStability(a.version, b.version)) };
    };
    const known = items.map((item) => (names.includes(item.metadata.name ?? '') ? merge(item) : item));
    const others = names
      .filter((name) => !items.some((item) => item.metadata.name === name))
      .map((name) => merge({ metadata: { name }, versions: [] }));
    return { ...document, items: [...known, ...others] };
  }

  /** The paths under `/openapi/v3` that other servers answer, with the hashes of what is there now. */
  openApiPaths(): Record<string, object> {
    const entries = this.#services.all().flatMap((remote) => {
      const found = this.#openApi.get(remote.name);
      const path = `apis/${remote.group}/${remote.version}`;
      return found
        ? [[path, { serverRelativeURL: `/openapi/v3/${path}${found.hash && `?hash=${found.hash}`}` }] as const]
        : [];
    });
    return Object.fromEntries(entries);
  }

  #version(remote: RemoteService): AggregatedVersion {
    const known = this.#discovery.get(remote.name) ?? { version: remote.version, resources: [] };
    return { ...known, freshness: remote.available ? 'Current' : 'Stale' };
  }

  #of(group: string): RemoteService[] {
    return this.#services.all().filter((remote) => remote.group === group);
  }

  /** The most important first, as their services say. */
  #groupNames(): string[] {
    const sorted = [...this.#services.all()].sort(
      (a, b) => b.groupPriorityMinimum - a.groupPriorityMinimum || (a.group < b.group ? -1 : 1),
    );
    return [...new Set(sorted.map(({ group }) => group))];
  }

  #merged(group: ApiGroup): ApiGroup {
    const remotes = this.#of(group.name);
    const own = group.versions.filter(({ version }) => !remotes.some((remote) => remote.version === version));
    const added = remotes
      .sort((a, b) => b.versionPriority - a.versionPriority || byStability(a.version, b.version))
      .map(({ version }) => ({ groupVersion: `${group.name}/${version}`, version }));
    const versions = [...own, ...added];
    return { ...group, versions, preferredVersion: versions[0] };
  }
}
