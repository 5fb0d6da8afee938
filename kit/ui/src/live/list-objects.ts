import { api } from '../api/api.ts';

/** A list as the server knew it at one moment; a watch from `resourceVersion` misses nothing after it. */
export interface ObjectList<T> {
  readonly resourceVersion: string | undefined;
  readonly items: readonly T[];
}

interface KubernetesList<T> {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion?: string };
  readonly items: readonly T[] | null;
}

/** Lists objects of the pass-through API; each says its own kind, which Kubernetes leaves to the list. */
export async function listObjects<T>(url: string, signal?: AbortSignal): Promise<ObjectList<T>> {
  const list = await api.get<KubernetesList<T>>(url, { signal });
  const kind = list.kind.replace(/List$/, '');
  const items = (list.items ?? []).map((item) => ({ kind, apiVersion: list.apiVersion, ...item }));
  return { resourceVersion: list.metadata.resourceVersion, items };
}
