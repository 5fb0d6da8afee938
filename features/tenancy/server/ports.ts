import type { Access, WriteGuard } from '@feature/iam/contract';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';
import type { ProjectIndex } from './project-index.ts';
import type { QuotaLedger } from './quota/quota-ledger.ts';

/** What the tenancy routes need from outside. */
export interface TenancyDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly access: Access;
  readonly guard: WriteGuard;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The same, with what the routes share among themselves. */
export interface TenancyParts extends TenancyDeps {
  readonly projects: ProjectIndex;
  readonly ledger: QuotaLedger;
}
