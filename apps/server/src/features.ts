import type { Access, WriteGuard } from '@feature/iam/contract';
// Signing in and deciding: what the server itself and all other features rest on.
export { createIam, signingKey } from '@feature/iam/server';
import { userReview } from '@feature/iam/server';
export type { Iam } from '@feature/iam/server';

import { resourcesMounts, resourcesRoutes, resourcesUpgrades } from '@feature/resources/server';
import { QuotaAdmission, tenancyRoutes } from '@feature/tenancy/server';
export type { AdmissionAddress } from '@feature/tenancy/server';
import type { AdmissionAddress } from '@feature/tenancy/server';
import { fileMounts, terminalRoutes, terminalUpgrades } from '@feature/terminal/server';
import type { Clock, Logger, Part } from '@kit/base';
import type { Mount, Route, Upgrade } from '@kit/http';
import type { KubeClient, Views } from '@kit/kube';

/** What features are wired with; each takes of it what its ports name. */
export interface FeatureDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly access: Access;
  readonly guard: WriteGuard;
  readonly log: Logger;
  readonly clock: Clock;
}

/** The routes of each feature. */
export const featureRoutes: readonly ((deps: FeatureDeps) => readonly Route[])[] = [
  tenancyRoutes,
  resourcesRoutes,
  terminalRoutes,
];

/** The streams of each feature that has some. */
export const featureMounts: readonly ((deps: FeatureDeps) => readonly Mount[])[] = [resourcesMounts, fileMounts];
export const featureUpgrades: readonly ((deps: FeatureDeps) => readonly Upgrade[])[] = [
  resourcesUpgrades,
  terminalUpgrades,
];

/** What answers the cluster's own questions, at an address that its API server can reach. */
export const featureAdmissions: readonly ((
  deps: Omit<FeatureDeps, 'access' | 'guard'>,
  address: AdmissionAddress,
) => Part)[] = [(deps, address) => new QuotaAdmission(deps, address, [userReview(deps.views)])];
