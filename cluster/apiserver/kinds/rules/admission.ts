import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import {
  validateMutatingBinding,
  validateMutatingPolicy,
  validateValidatingBinding,
  validateValidatingPolicy,
} from '../validation/admission-policy.ts';
import { validatePolicyExpressions } from '../validation/policy-expressions.ts';
import { validateWebhooks } from '../validation/webhook.ts';
import { items, record, setAbsent, setAbsentAll, specOf } from './set-default.ts';

const group = 'admissionregistration.k8s.io';

function defaultWebhooks(configuration: ClusterObject): void {
  for (const webhook of items(configuration['webhooks'])) {
    setAbsentAll(webhook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 });
    if (configuration.kind === 'MutatingWebhookConfiguration') setAbsent(webhook, 'reinvocationPolicy', 'Never');
    webhook['namespaceSelector'] ??= {};
    webhook['objectSelector'] ??= {};
    const service = record(record(webhook['clientConfig'])?.['service']);
    if (service) setAbsent(service, 'port', 443);
    for (const rule of items(webhook['rules'])) setAbsent(rule, 'scope', '*');
  }
}

function defaultMatch(match: JsonObject | undefined): void {
  if (!match) return;
  setAbsent(match, 'matchPolicy', 'Equivalent');
  match['namespaceSelector'] ??= {};
  match['objectSelector'] ??= {};
  for (const field of ['resourceRules', 'excludeResourceRules']) {
    for (const rule of items(match[field])) setAbsent(rule, 'scope', '*');
  }
}

function defaultPolicy(object: ClusterObject): void {
  setAbsent(specOf(object), 'failurePolicy', 'Fail');
  defaultMatch(record(specOf(object)['matchConstraints']));
}

function defaultBinding(object: ClusterObject): void {
  defaultMatch(record(specOf(object)['matchResources']));
}

/** Texts first; their meaning is looked at where they are there. */
function withExpressions(validate: (policy: ClusterObject) => Cause[]): (policy: ClusterObject) => Cause[] {
  return (policy) => [...validate(policy), ...validatePolicyExpressions(policy)];
}

const usual: KindRules = { generation: true, allowUnconditionalUpdate: false };

/** Webhooks and policies that requests have to pass. */
export const admissionRules: Readonly<Record<string, KindRules>> = {
  [`${group}/ValidatingWebhookConfiguration`]: { ...usual, defaults: defaultWebhooks, validate: validateWebhooks },
  [`${group}/MutatingWebhookConfiguration`]: { ...usual, defaults: defaultWebhooks, validate: validateWebhooks },
  [`${group}/ValidatingAdmissionPolicy`]: {
    ...usual,
    defaults: defaultPolicy,
    validate: withExpressions(validateValidatingPolicy),
  },
  [`${group}/ValidatingAdmissionPolicyBinding`]: {
    ...usual,
    defaults: defaultBinding,
    validate: validateValidatingBinding,
  },
  [`${group}/MutatingAdmissionPolicy`]: {
    ...usual,
    defaults: defaultPolicy,
    validate: withExpressions(validateMutatingPolicy),
  },
  [`${group}/MutatingAdmissionPolicyBinding`]: {
    ...usual,
    defaults: defaultBinding,
    validate: validateMutatingBinding,
  },
};
