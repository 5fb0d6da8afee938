import type { Clock, Logger } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';
import type { Store } from '@kit/store';

/** What signing in, users, roles and members need from outside. */
export interface IamDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly store: Store;
  readonly log: Logger;
  readonly clock: Clock;
}
