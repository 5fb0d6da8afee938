import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import { fixed } from '../validation/fixed-fields.ts';
import { longName } from '../validation/format.ts';
import { validateDeviceClaim, validateDeviceClass, validateResourceSlice } from '../validation/devices.ts';
import { fieldsIn, items, record, setAbsent, specOf } from './set-default.ts';

const group = 'resource.k8s.io';

function defaultWanted(wanted: JsonObject): void {
  if (!wanted['allocationMode']) wanted['allocationMode'] = 'ExactCount';
  if (wanted['allocationMode'] === 'ExactCount' && !wanted['count']) wanted['count'] = 1;
}

function defaultDeviceClaim(spec: JsonObject): void {
  for (const request of items(fieldsIn(spec['devices'])['requests'])) {
    const exactly = record(request['exactly']);
    for (const wanted of [...(exactly ? [exactly] : []), ...items(request['firstAvailable'])]) {
      defaultWanted(wanted);
      for (const toleration of items(wanted['tolerations'])) setAbsent(toleration, 'operator', 'Equal');
    }
  }
}

/** Kinds of resource.k8s.io: devices, and who wants them. */
export const deviceRules: Readonly<Record<string, KindRules>> = {
  [`${group}/DeviceClass`]: { name: longName, generation: true, validate: validateDeviceClass },
  [`${group}/ResourceClaim`]: {
    defaults: (object) => defaultDeviceClaim(specOf(object)),
    validate: (object) => validateDeviceClaim(specOf(object), 'spec'),
    validateUpdate: fixed('spec'),
    changeIsChecked: 'only',
  },
  [`${group}/ResourceClaimTemplate`]: {
    defaults: (object) => defaultDeviceClaim(specOf(specOf(object))),
    validate: (object) => validateDeviceClaim(specOf(specOf(object)), 'spec.spec'),
    validateUpdate: fixed('spec'),
  },
  [`${group}/ResourceSlice`]: {
    generation: true,
    validate: validateResourceSlice,
    validateUpdate: fixed('spec.driver', 'spec.pool.name', 'spec.nodeName'),
  },
};
