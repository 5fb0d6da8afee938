import type { ClusterObject } from '../../../client.ts';
import { sentEmpty } from '../../codec/sent-empty.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import { validateAutoscaler } from '../validation/autoscaling.ts';
import { counted } from '../validation/status.ts';
import { items, record, setAbsent, setAbsentAll, specOf } from './set-default.ts';

const periodSeconds = 15;
const usualShare = 80;

/** How fast a direction scales when nobody says so. */
const directions: Readonly<Record<string, { policies: JsonObject[]; windowSeconds?: number }>> = {
  scaleUp: {
    policies: [
      { type: 'Pods', value: 4, periodSeconds },
      { type: 'Percent', value: 100, periodSeconds },
    ],
    windowSeconds: 0,
  },
  scaleDown: { policies: [{ type: 'Percent', value: 100, periodSeconds }] },
};

function defaultBehavior(behavior: JsonObject): void {
  for (const [name, { policies, windowSeconds }] of Object.entries(directions)) {
    const rules = record(behavior[name]) ?? {};
    behavior[name] = rules;
    setAbsent(rules, 'selectPolicy', 'Max');
    if (windowSeconds !== undefined) setAbsent(rules, 'stabilizationWindowSeconds', windowSeconds);
    if (!sentEmpty(rules, 'policies')) setAbsentAll(rules, { policies: structuredClone(policies) });
  }
}

function defaultAutoscaler(object: ClusterObject): void {
  const spec = specOf(object);
  setAbsent(spec, 'minReplicas', 1);
  if (items(spec['metrics']).length === 0) {
    const target = { type: 'Utilization', averageUtilization: usualShare };
    spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  const behavior = record(spec['behavior']);
  if (behavior) defaultBehavior(behavior);
}

export const autoscalingRules: Readonly<Record<string, KindRules>> = {
  'autoscaling/HorizontalPodAutoscaler': {
    defaults: defaultAutoscaler,
    validate: validateAutoscaler,
    validateStatus: counted('currentReplicas', 'desiredReplicas'),
  },
};
