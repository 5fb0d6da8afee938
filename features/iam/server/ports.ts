import type { Clock, Logger } from '@kit/base';
import type { Cache } from '@kit/cache';
import type { KubeClient, Views } from '@kit/kube';
import type { Store } from '@kit/store';

/** What signing in, users, roles and members need from outside. */
export interface IamDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly store: Store;
  /** Shared by all replicas where there are several: then it keeps the sessions too. */
  readonly cache: Cache;
  readonly log: Logger;
  readonly clock: Clock;
}
