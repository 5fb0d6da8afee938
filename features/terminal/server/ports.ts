import type { Access } from '@feature/iam/contract';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';

/** What shells and files need from outside. */
export interface TerminalDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly access: Access;
  readonly log: Logger;
  readonly clock: Clock;
  /** The image of the pod of a node's shell: it needs `sh`, `sleep` and `nsenter`. Default: a busybox. */
  readonly nodeShellImage?: string;
}
