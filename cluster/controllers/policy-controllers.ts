import type { MakeController } from '../reconcile/controller.ts';
import { certificateApprovingController } from './certificates/approving-controller.ts';
import { certificateCleaningController } from './certificates/cleaning-controller.ts';
import { disruptionController } from './disruption/disruption-controller.ts';
import { quotaController } from './quota/quota-controller.ts';
import { claimProtectionController, volumeProtectionController } from './storage-protection-controllers.ts';
import { ttlAfterFinishedController } from './ttl-after-finished-controller.ts';

/** Controllers that watch over limits and lifetimes, with their accounts. */
export const policyControllers: readonly (readonly [make: MakeController, account: string])[] = [
  [quotaController, 'resourcequota-controller'],
  [disruptionController, 'disruption-controller'],
  [ttlAfterFinishedController, 'ttl-after-finished-controller'],
  [claimProtectionController, 'pvc-protection-controller'],
  [certificateApprovingController, 'certificate-controller'],
  [certificateCleaningController, 'certificate-controller'],
  [volumeProtectionController, 'pv-protection-controller'],
];
