import type { Access, WriteGuard } from '@feature/iam/contract';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';

import type { OutboundLimits } from './outbound/outbound-fetch.ts';

/** What the routes over Kubernetes objects need from outside. */
export interface ResourcesDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly access: Access;
  /** Looks at writes of people, roles and bindings. */
  readonly guard: WriteGuard;
  readonly log: Logger;
  readonly clock: Clock;
  /** What servers that callers name (registries, git) may be; default: not this machine. */
  readonly outbound?: OutboundLimits;
  /** An unknown list parameter is refused, or, as KubeSphere 3.4 has it, matches nothing. Default: refused. */
  readonly unknownParameters?: 'reject' | 'empty';
}
