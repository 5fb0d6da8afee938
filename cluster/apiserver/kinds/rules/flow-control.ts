import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import { validateFlowSchema, validatePriorityLevel } from '../validation/flow-control.ts';
import { record, setAbsentAll, specOf } from './set-default.ts';

const group = 'flowcontrol.apiserver.k8s.io';

/** Numbers of which zero means that nobody chose. */
function setIfZero(object: JsonObject, defaults: Readonly<Record<string, number>>): void {
  for (const [field, value] of Object.entries(defaults)) if (!object[field]) object[field] = value;
}

function defaultPriorityLevel(object: ClusterObject): void {
  const spec = specOf(object);
  const [limited, exempt] = [record(spec['limited']), record(spec['exempt'])];
  if (exempt) setAbsentAll(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 });
  if (!limited) return;
  setAbsentAll(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 });
  const queuing = record(record(limited['limitResponse'])?.['queuing']);
  if (queuing) setIfZero(queuing, { queues: 64, handSize: 8, queueLengthLimit: 50 });
}

/** Which requests wait for which others. */
export const flowControlRules: Readonly<Record<string, KindRules>> = {
  [`${group}/FlowSchema`]: {
    generation: true,
    defaults: (object) => setIfZero(specOf(object), { matchingPrecedence: 1000 }),
    validate: validateFlowSchema,
  },
  [`${group}/PriorityLevelConfiguration`]: {
    generation: true,
    defaults: defaultPriorityLevel,
    validate: validatePriorityLevel,
  },
};
