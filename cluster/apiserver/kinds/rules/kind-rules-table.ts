import type { KindRules } from '../kind-rules.ts';
import { appsRules } from './apps.ts';
import { batchRules } from './batch.ts';
import { coreRules } from './core.ts';
import { crdRules } from './crd.ts';
import { otherRules } from './other.ts';
import { podRules } from './pod.ts';
import { serviceRules } from './service.ts';

/** Rules by `group/Kind`; a kind that is not here behaves in the usual way. */
export const kindRules: Readonly<Record<string, KindRules>> = {
  ...coreRules,
  ...podRules,
  ...serviceRules,
  ...appsRules,
  ...batchRules,
  ...otherRules,
  ...crdRules,
};
