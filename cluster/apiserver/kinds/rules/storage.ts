import { isDeepStrictEqual } from 'node:util';
import type { KindRules } from '../kind-rules.ts';
import { warnOfStorageClass } from '../warnings/other-warnings.ts';
import { record, setAbsentAll, specOf, texts } from './set-default.ts';
import {
  validateAttributesClass,
  validateCsiDriver,
  validateCsiNode,
  validateStorageCapacity,
  validateStorageClass,
  validateVolumeAttachment,
} from '../validation/storage-kinds.ts';

import {
  validateAttachmentUpdate,
  validateAttributesUpdate,
  validateCapacityUpdate,
  validateCsiDriverUpdate,
  validateCsiNodeUpdate,
  validateStorageClassUpdate,
} from '../validation/storage-updates.ts';

const group = 'storage.k8s.io';

const tokenWarning =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';

/** Kinds of storage.k8s.io. */
export const storageRules: Readonly<Record<string, KindRules>> = {
  [`${group}/StorageClass`]: {
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
    warnings: warnOfStorageClass,
    defaults: (object) => setAbsentAll(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  },
  [`${group}/CSIDriver`]: {
    generation: true,
    countsChanges: 'only',
    warnsOnUpdate: (next, old) => !isDeepStrictEqual(specOf(next)['tokenRequests'], specOf(old)['tokenRequests']),
    allowUnconditionalUpdate: false,
    defaults(object) {
      const spec = specOf(object);
      setAbsentAll(spec, {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
        requiresRepublish: false,
        seLinuxMount: false,
      });
      if (texts(spec['volumeLifecycleModes']).length === 0) spec['volumeLifecycleModes'] = ['Persistent'];
    },
    validate: validateCsiDriver,
    validateUpdate: validateCsiDriverUpdate,
    warnings(object) {
      const { tokenRequests, serviceAccountTokenInSecrets: inSecrets } = record(object['spec']) ?? {};
      const asks = Array.isArray(tokenRequests) && tokenRequests.length > 0;
      return asks && inSecrets === undefined ? [tokenWarning] : [];
    },
  },
  [`${group}/CSINode`]: {
    allowUnconditionalUpdate: false,
    validate: validateCsiNode,
    validateUpdate: validateCsiNodeUpdate,
  },
  [`${group}/CSIStorageCapacity`]: { validate: validateStorageCapacity, validateUpdate: validateCapacityUpdate },
  [`${group}/VolumeAttachment`]: {
    allowUnconditionalUpdate: false,
    validate: validateVolumeAttachment,
    validateUpdate: validateAttachmentUpdate,
  },
  [`${group}/VolumeAttributesClass`]: {
    checkedTwice: 'metadata',
    validate: validateAttributesClass,
    validateUpdate: validateAttributesUpdate,
    changeIsChecked: 'first',
  },
};
