import { respond } from '../testing/webhook-server.ts';
import type { Reply } from '../testing/webhook-server.ts';

export const place = 'webhook-probe';
export const ns = `/api/v1/namespaces/${place}`;
export const apps = `/apis/apps/v1/namespaces/${place}`;

/** One request of a scenario. */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

/** A webhook of a scenario: its fields beside the client configuration, which names the test's server. */
export interface Hook {
  readonly mutating?: boolean;
  readonly reply?: Reply;
  readonly webhook?: Record<string, unknown>;
  /** Instead of the test's server; `PORT` stands for a port nobody listens on. */
  readonly clientConfig?: Record<string, unknown>;
  readonly query?: string;
}

export interface Scenario {
  readonly why: string;
  readonly hooks: readonly Hook[];
  readonly steps: readonly Step[];
  /** Reviews of pods are compared without the pod, which differs in what a node adds. */
  readonly withoutObjects?: boolean;
}

export const rule = (operations: string[], apiGroups: string[], resources: string[]) => ({
  operations,
  apiGroups,
  apiVersions: ['v1'],
  resources,
});
export const configMap = (name: string, rest: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a: '1' },
  ...rest,
});
export const createIt: Step = { method: 'POST', path: `${ns}/configmaps`, body: configMap('one') };
export const allow: Reply = (review) => respond(review, { allowed: true });
export const answers =
  (response: Record<string, unknown>): Reply =>
  (review) =>
    respond(review, response);
export const raw =
  (body: unknown, status = 200, headers = {}): Reply =>
  () => ({ status, body, headers });

export const one = (
  why: string,
  reply: Reply,
  ...more: [webhook?: Record<string, unknown>, mutating?: boolean]
): Scenario => {
  const [webhook = {}, mutating = false] = more;
  return { why, hooks: [{ reply, webhook, mutating }], steps: [createIt] };
};
