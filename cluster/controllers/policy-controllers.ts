import type { MakeController } from '../reconcile/controller.ts';
import { clusterInfoSigner } from './bootstrap/cluster-info-signer.ts';
import { tokenCleanerController } from './bootstrap/token-cleaner.ts';
import { certificateApprovingController } from './certificates/approving-controller.ts';
import { certificateCleaningController } from './certificates/cleaning-controller.ts';
import { disruptionController } from './disruption/disruption-controller.ts';
import { quotaController } from './quota/quota-controller.ts';
import { claimProtectionController, volumeProtectionController } from './storage-protection-controllers.ts';
import { ttlAfterFinishedController } from './ttl-after-finished-controller.ts';

/** Controllers that watch over limits, lifetimes and who may join, with their accounts. */
export const policyControllers: readonly (readonly [make: MakeController, account: string])[] = [
  [quotaController, 'resourcequota-controller'],
  [disruptionController, 'disruption-controller'],
  [ttlAfterFinishedController, 'ttl-after-finished-controller'],
  [claimProtectionController, 'pvc-protection-controller'],
  [certificateApprovingController, 'certificate-controller'],
  [certificateCleaningController, 'certificate-controller'],
  [clusterInfoSigner, 'bootstrap-signer'],
  [tokenCleanerController, 'token-cleaner'],
  [volumeProtectionController, 'pv-protection-controller'],
];
