import type { KindRules } from '../kind-rules.ts';
import { admissionRules } from './admission.ts';
import { appsRules } from './apps.ts';
import { autoscalingRules } from './autoscaling.ts';
import { batchRules } from './batch.ts';
import { coreRules } from './core.ts';
import { crdRules } from './crd.ts';
import { deviceRules } from './devices.ts';
import { flowControlRules } from './flow-control.ts';
import { networkRules } from './network.ts';
import { otherRules } from './other.ts';
import { podRules } from './pod.ts';
import { serviceRules } from './service.ts';
import { storageRules } from './storage.ts';

/** Rules by `group/Kind`; a kind that is not here behaves in the usual way. */
export const kindRules: Readonly<Record<string, KindRules>> = {
  ...coreRules,
  ...podRules,
  ...serviceRules,
  ...appsRules,
  ...batchRules,
  ...autoscalingRules,
  ...networkRules,
  ...storageRules,
  ...admissionRules,
  ...flowControlRules,
  ...deviceRules,
  ...otherRules,
  ...crdRules,
};
