/** Any object of the embedded cluster. */
export interface ClusterObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    generateName?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    ownerReferences?: {
      apiVersion: string;
      kind: string;
      name: string;
      uid: string;
      controller?: boolean;
      blockOwnerDeletion?: boolean;
    }[];
    managedFields?: unknown[];
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- controllers read built-in kinds whose shape the API server has checked against its schema
  [field: string]: any;
}

/** Group and plural name, e.g. `{ group: 'apps', resource: 'deployments' }`; the preferred version is used. */
export interface ResourceRef {
  readonly group: string;
  readonly resource: string;
}

export interface ClusterWatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: ClusterObject;
}

/**
 * How controllers, scheduler and nodes use the API server of their own process: the same authorization, admission and
 * validation as over HTTPS, without the socket. Failures throw `ApiError`. Objects handed out are the caller's own, but
 * for those of `watch`, which all watchers share: copy them before changing anything.
 */
export interface ClusterClient {
  /** The same client acting as another user, e.g. `system:serviceaccount:kube-system:deployment-controller`. */
  as(user: string, groups?: readonly string[]): ClusterClient;
  /** With `scale`, its Scale. */
  get(ref: ResourceRef, namespace: string | undefined, name: string, subresource?: 'scale'): Promise<ClusterObject>;
  /** The `Scale` of an object; `NotFound` too when its kind has none. */
  scale(ref: ResourceRef, namespace: string | undefined, name: string): Promise<ClusterObject>;
  list(
    ref: ResourceRef,
    options?: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): Promise<{ items: ClusterObject[]; resourceVersion: string }>;
  create(ref: ResourceRef, object: ClusterObject): Promise<ClusterObject>;
  update(ref: ResourceRef, object: ClusterObject, subresource?: string): Promise<ClusterObject>;
  patch(
    ref: ResourceRef,
    namespace: string | undefined,
    name: string,
    patch: { type: 'merge' | 'strategic' | 'json'; body: unknown },
    subresource?: string,
  ): Promise<ClusterObject>;
  /** Creates a subresource such as `pods/binding`. */
  post(
    ref: ResourceRef,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: unknown,
  ): Promise<ClusterObject>;
  delete(
    ref: ResourceRef,
    namespace: string | undefined,
    name: string,
    options?: { uid?: string; gracePeriodSeconds?: number; propagationPolicy?: string },
  ): Promise<void>;
  /**
   * Events after `resourceVersion`; calls `onEvent` in order until the answer is called. `ERROR` (410) ends it: list
   * again. The objects are shared by all who watch, and come without `managedFields`.
   */
  watch(ref: ResourceRef, resourceVersion: string, onEvent: (event: ClusterWatchEvent) => void): () => void;
  /** Every group and resource the server serves now, custom ones included; `onChange` is called when the set changes. */
  resources(): readonly (ResourceRef & {
    readonly version: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  })[];
  onResourcesChanged(onChange: () => void): () => void;
}
