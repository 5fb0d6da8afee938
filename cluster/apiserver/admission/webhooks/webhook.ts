import type { ClusterObject } from '../../../client.ts';
import type { ClientConfig } from '../../outbound/outbound-client.ts';

/** Which requests a webhook wants to see. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  readonly scope?: string;
}

export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

/** One webhook of a configuration, with the defaults of its kind. */
export interface Webhook {
  readonly configuration: string;
  /** Tells it from all others, and stays when others come and go. */
  readonly id: string;
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules: readonly Rule[];
  readonly failurePolicy: 'Ignore' | 'Fail';
  readonly matchPolicy: 'Exact' | 'Equivalent';
  readonly namespaceSelector?: unknown;
  readonly objectSelector?: unknown;
  readonly sideEffects: string;
  readonly timeoutSeconds: number;
  readonly admissionReviewVersions: readonly string[];
  readonly matchConditions: readonly MatchCondition[];
  readonly reinvocationPolicy: 'Never' | 'IfNeeded';
}

/** The webhooks of a stored ValidatingWebhookConfiguration or MutatingWebhookConfiguration. */
export function webhooksOf(configuration: ClusterObject): Webhook[] {
  const { webhooks = [] } = configuration as { webhooks?: Partial<Webhook>[] }; // the schema has checked it
  const { name: of, uid = '' } = configuration.metadata;
  const seen = new Map<string, number>();
  return webhooks.map((webhook) => {
    const { name = '' } = webhook;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return {
      clientConfig: {},
      rules: [],
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      sideEffects: 'None',
      timeoutSeconds: 10,
      admissionReviewVersions: ['v1'],
      matchConditions: [],
      reinvocationPolicy: 'Never',
      ...webhook,
      name,
      configuration: of,
      id: `${of}/${uid}/${name}/${count}`,
    };
  });
}
