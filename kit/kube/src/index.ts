export type {
  KubeList,
  KubeObject,
  ObjectKey,
  ObjectMeta,
  OwnerReference,
  PatchType,
  ResourceType,
  WatchEvent,
  WatchEventType,
} from './types.ts';
export type {
  DeleteOptions,
  KubeClient,
  ListOptions,
  PatchOptions,
  RawRequest,
  RawResponse,
  RequestOptions,
  UpgradeResult,
  WriteOptions,
} from './client-api.ts';
export type {
  NamespaceSet,
  Row,
  RowFilter,
  Selection,
  SortKey,
  View,
  ViewEvent,
  ViewState,
  Views,
} from './view-api.ts';
export type { Facet, FacetValue } from './facet.ts';
export { kinds } from './kinds.ts';
export { apiVersionOf, pathOf } from './path.ts';
export type { PathParts } from './path.ts';
export { inClusterConnection } from './connection.ts';
export type { Connection } from './connection.ts';
export { readKubeconfig } from './kubeconfig.ts';
export type { KubeconfigOptions } from './kubeconfig.ts';
export { createKubeClient } from './kube-client.ts';
export type { KubeClientOptions } from './kube-client.ts';
export { createViews } from './views.ts';
export type { ViewsOptions } from './views.ts';
export { createDiscovery, discover } from './discovery.ts';
export type { DiscoveredType, Discovery, DiscoveryOptions } from './discovery.ts';
export { Backoff } from './backoff.ts';
