import { ApiError, isApiError } from '@kit/base';
import type { KubeClient, ResourceType } from '@kit/kube';

interface ApiResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Which resource a kind is on this cluster; each group version is asked for once. */
export class ServedKinds {
  readonly #kube: KubeClient;
  readonly #lists = new Map<string, Promise<ApiResourceList | undefined>>();

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  /** Throws `NotFound` for a kind the cluster does not serve, and `BadRequest` for what is no version. */
  async typeOf(apiVersion: string, kind: string): Promise<ResourceType> {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion];
    if (!/^[a-z0-9.-]*$/.test(group ?? '') || !/^v[a-z0-9]+$/.test(version ?? '')) {
      throw new ApiError('BadRequest', `apiVersion "${apiVersion}" is not of the form group/version, or v1`);
    }
    const list = await this.#list(apiVersion);
    const found = list?.resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
    if (!found)
      throw new ApiError('NotFound', `this cluster has no kind "${kind}" in "${apiVersion}"`, { details: { kind } });
    return { group: group ?? '', version: version ?? '', kind, plural: found.name, namespaced: found.namespaced };
  }

  #list(apiVersion: string): Promise<ApiResourceList | undefined> {
    const known = this.#lists.get(apiVersion);
    if (known) return known;
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const asked = this.#kube.json<ApiResourceList>({ method: 'GET', path }).catch((error: unknown) => {
      if (isApiError(error, 'NotFound')) return undefined;
      throw error;
    });
    this.#lists.set(apiVersion, asked);
    return asked;
  }
}
