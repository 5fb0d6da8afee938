import type { Access } from '@feature/iam/contract';
import type { KubeClient, Views } from '@kit/kube';
import type { ProjectIndex } from './project-index.ts';

/** What the tenancy routes need from outside. */
export interface TenancyDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly access: Access;
}

/** The same, with what the routes share among themselves. */
export interface TenancyParts extends TenancyDeps {
  readonly projects: ProjectIndex;
}
