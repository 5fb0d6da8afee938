import type { Clock, Logger } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';

/** What the controllers of users and login records need. */
export interface IamControllerDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly log: Logger;
  readonly clock: Clock;
}
