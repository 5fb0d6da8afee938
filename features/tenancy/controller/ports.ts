import type { Clock } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';

/** What the controllers of workspaces and projects need. */
export interface TenancyControllerDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly clock: Clock;
}

/** The manager of every field these controllers write. */
export const fieldOwner = 'freehold-tenancy';
