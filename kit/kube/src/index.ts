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
export type { Row, View, ViewEvent, Views } from './view-api.ts';
