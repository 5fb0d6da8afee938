import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';

/** What a container cannot be started for: a missing config map, secret or key, in the words of a node. */
export class ConfigProblem extends Error {}

export interface SourceRef {
  readonly name?: string;
  readonly optional?: boolean;
}

export type SourceKind = 'ConfigMap' | 'Secret';

const secrets: ResourceRef = { group: '', resource: 'secrets' };

function contentOf(kind: SourceKind, object: ClusterObject): Map<string, Buffer> {
  const { data = {}, binaryData = {} } = object as {
    data?: Record<string, string>;
    binaryData?: Record<string, string>;
  }; // the schema has checked it
  const plain = kind === 'Secret' ? 'base64' : 'utf8';
  const entries = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, plain)] as const);
  return new Map([
    ...entries,
    ...Object.entries(binaryData).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const),
  ]);
}

/** Reads what pods are configured with, at the moment it is needed. */
export class Configuration {
  readonly #client: ClusterClient;

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  async find(ref: ResourceRef, namespace: string | undefined, name: string): Promise<ClusterObject | undefined> {
    try {
      return await this.#client.get(ref, namespace, name);
    } catch (error) {
      if (isApiError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** All keys of a config map or secret; undefined when an optional one is missing. Throws `ConfigProblem`. */
  async source(
    kind: SourceKind,
    namespace: string,
    { name = '', optional }: SourceRef,
  ): Promise<Map<string, Buffer> | undefined> {
    const object = await this.find(kind === 'Secret' ? secrets : refs.configMaps, namespace, name);
    if (object) return contentOf(kind, object);
    if (optional) return undefined;
    throw new ConfigProblem(`${kind.toLowerCase()} ${JSON.stringify(name)} not found`);
  }

  async key(
    kind: SourceKind,
    namespace: string,
    ref: SourceRef & { readonly key: string },
  ): Promise<string | undefined> {
    const value = (await this.source(kind, namespace, ref))?.get(ref.key);
    if (value !== undefined || ref.optional) return value?.toString();
    throw new ConfigProblem(`couldn't find key ${ref.key} in ${kind} ${namespace}/${ref.name}`);
  }

  /** Services whose addresses containers of the namespace get as variables. */
  async services(namespace: string): Promise<ClusterObject[]> {
    const { items } = await this.#client.list(refs.services, { namespace });
    return items;
  }

  async allServices(): Promise<ClusterObject[]> {
    return (await this.#client.list(refs.services)).items;
  }

  async token(namespace: string, account: string, request: object): Promise<string> {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: request };
    const made = await this.#client.post(refs.serviceAccounts, namespace, account, 'token', body);
    const { token } = made.status as { token: string }; // a TokenRequest
    return token;
  }
}
