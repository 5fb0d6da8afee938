import { iamKinds, iamSeeds } from '@feature/iam/contract';
import { iamControllers } from '@feature/iam/controller';
import { tenancyKinds, tenancySeeds } from '@feature/tenancy/contract';
import { tenancyControllers } from '@feature/tenancy/controller';
import type { Installation } from './installation.ts';

/** What each feature needs in the cluster. */
export const installations: readonly Installation[] = [
  { kinds: iamKinds, seeds: iamSeeds },
  { kinds: tenancyKinds, seeds: tenancySeeds },
];

/** The controllers of each feature. */
export const featureControllers = [iamControllers, tenancyControllers] as const;
