import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { WebhookServer } from '../testing/webhook-server.ts';
import { place } from './scenario.ts';
import type { Hook, Scenario, Step } from './scenario.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
}

/** Sends one request to the API server in question. */
export type Call = (step: Step) => Promise<Answered>;

/** What came of a scenario, without what differs from run to run. */
export interface Played {
  readonly answers: unknown[];
  readonly reviews: unknown[];
}

const registration = '/apis/admissionregistration.k8s.io/v1';
const names = ['alpha', 'beta', 'gamma'];

interface Stage {
  readonly call: Call;
  readonly server: WebhookServer;
  readonly otherCa: string;
  readonly freePort: number;
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function clientConfigOf({ server, otherCa, freePort: port }: Stage, hook: Hook, path: string): object {
  const { clientConfig = {}, query = '' } = hook;
  const { url, service, host } = clientConfig as { url?: string; service?: object; host?: string }; // of the table
  if (service) return { caBundle: base64(server.caPem), service };
  if (url) return { url: url.replace('PORT', String(port)) };
  const own = host ? server.url.replace('127.0.0.1', host) : server.url;
  const trusted = 'caBundle' in clientConfig ? clientConfig['caBundle'] : 'own';
  const caBundle = trusted === 'own' ? base64(server.caPem) : trusted === 'OTHER' ? base64(otherCa) : undefined;
  return { url: `${own}${path}${query}`, ...(caBundle && { caBundle }) };
}

const usual = {
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': place } },
};

function configuration(stage: Stage, kind: string, hooks: readonly { hook: Hook; name: string }[]): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'webhook-probe' },
    webhooks: hooks.map(({ hook, name }) => {
      stage.server.on(`/${name}`, hook.reply ?? (() => 'never'));
      return {
        ...usual,
        name: `${name}.example.com`,
        clientConfig: clientConfigOf(stage, hook, `/${name}`),
        ...hook.webhook,
      };
    }),
  };
}

const kinds = {
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
};

/** Answers the refusal, where the configuration itself is refused. */
async function configure(stage: Stage, scenario: Scenario): Promise<Answered | undefined> {
  const hooks = scenario.hooks.map((hook, index) => ({ hook, name: names[index] ?? String(index) }));
  for (const [kind, resource] of Object.entries(kinds)) {
    const own = hooks.filter(({ hook }) => (hook.mutating ?? false) === kind.startsWith('Mutating'));
    if (own.length === 0) continue;
    const answered = await stage.call({
      method: 'POST',
      path: `${registration}/${resource}`,
      body: configuration(stage, kind, own),
    });
    if (answered.status !== 201) return answered;
  }
  return undefined;
}

async function forget(call: Call): Promise<void> {
  for (const resource of Object.values(kinds))
    await call({ method: 'DELETE', path: `${registration}/${resource}/webhook-probe` });
  const own = `/api/v1/namespaces/${place}`;
  await call({ method: 'DELETE', path: `${own}/configmaps?fieldSelector=metadata.name!%3Dkube-root-ca.crt` });
  for (const at of [
    `${own}/pods/p?gracePeriodSeconds=0`,
    `/apis/apps/v1/namespaces/${place}/deployments/web`,
    `${own}/services/svc`,
  ])
    await call({ method: 'DELETE', path: at });
}

/** A real server looks at new configurations within a moment; waits until one that refuses a marker does. */
async function untilKnown(stage: Stage, expected: boolean): Promise<void> {
  const path = `/api/v1/namespaces/${place}/secrets?dryRun=All`;
  for (let i = 0; i < 200; i++) {
    const { status } = await stage.call({
      method: 'POST',
      path,
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'marker' } },
    });
    if ((status === 418) === expected) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the API server does not take up its webhooks');
}

const marker = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'zz-webhook-probe-marker' },
};

async function mark(stage: Stage): Promise<void> {
  const { server, call } = stage;
  server.on('/marker', ({ request }) => ({
    body: {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: (request as { uid: string }).uid, allowed: false, status: { code: 418 } },
    },
  })); // every review has one
  const webhook = {
    ...usual,
    name: 'marker.example.com',
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'] }],
    clientConfig: { url: `${server.url}/marker`, caBundle: base64(server.caPem) },
  };
  await call({
    method: 'POST',
    path: `${registration}/mutatingwebhookconfigurations`,
    body: { ...marker, webhooks: [webhook] },
  });
  await untilKnown(stage, true);
}

async function unmark(stage: Stage): Promise<void> {
  await stage.call({
    method: 'DELETE',
    path: `${registration}/mutatingwebhookconfigurations/${marker.metadata.name}`,
  });
  await untilKnown(stage, false);
}

/** The namespace and the Services the scenarios need. */
export async function prepare(call: Call): Promise<void> {
  await call({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: place } },
  });
  const services = `/api/v1/namespaces/${place}/services`;
  const service = (name: string, spec: object) =>
    call({ method: 'POST', path: services, body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec } });
  await service('lonely', { selector: { no: 'pod' }, ports: [{ port: 443 }] });
  await service('away', { type: 'ExternalName', externalName: 'nobody.invalid' });
  await call({
    method: 'POST',
    path: `/api/v1/namespaces/${place}/serviceaccounts`,
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
  });
}

/** Sets up the webhooks of a scenario, sends its requests, and tells what was answered and what the webhooks were sent. */
export async function play(stage: Stage, scenario: Scenario): Promise<Played> {
  const { call, server } = stage;
  await forget(call);
  const refused = await configure(stage, scenario);
  if (refused) return normal({ answers: [refused.body], reviews: [] }) as Played; // has the same shape
  await mark(stage);
  await unmark(stage);
  server.received.length = 0;
  const answers: unknown[] = [];
  for (const step of scenario.steps) {
    const { status, headers, body } = await call(step);
    const { metadata: _metadata, ...rest } = body as { metadata?: unknown; kind?: string }; // every answer is an object
    const shown =
      scenario.withoutObjects && rest.kind !== 'Status' && rest.kind !== 'Scale' ? { kind: rest.kind } : body;
    answers.push({ status, ...(headers['warning'] !== undefined && { warning: headers['warning'] }), body: shown });
  }
  const reviews = server.received
    .filter(({ path, review }) => !path.startsWith('/marker') && isOurs(review.request))
    .map(({ path, review }) => {
      const request = review.request as object; // every review has one
      return { path, ...review, request: scenario.withoutObjects ? envelope(request) : request };
    });
  const shown = normal({ answers, reviews }) as Played; // has the same shape
  await forget(call);
  return scenario.withoutObjects ? { ...shown, reviews: different(shown.reviews) } : shown;
}

/** Controllers of a real cluster make a write start anew: then webhooks are asked again. */
function different(reviews: readonly unknown[]): unknown[] {
  return [...new Map(reviews.map((review) => [JSON.stringify(review), review])).values()];
}

/** On a cluster that is alive controllers write too. */
function isOurs(request: unknown): boolean {
  const { userInfo, resource } = request as { userInfo: { groups?: string[] }; resource: { resource: string } }; // every review has one
  return (userInfo.groups ?? []).includes('system:masters') && resource.resource !== 'leases';
}

function envelope({ ...request }: { object?: unknown; oldObject?: unknown }): object {
  const kindOf = (object: unknown): unknown => (object === null ? null : (object as { kind?: string }).kind); // an object of the API
  return { ...request, object: kindOf(request.object), oldObject: kindOf(request.oldObject) };
}

const varying: Readonly<Record<string, string>> = {
  uid: 'UID',
  resourceVersion: 'RV',
  creationTimestamp: 'TIME',
  managedFields: 'MANAGED',
  userInfo: 'USER',
  requestReceivedTimestamp: 'TIME',
  token: 'TOKEN',
  expirationTimestamp: 'TIME',
};

/** A value without what differs from run to run. */
export function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'string')
    return value
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replace(/ \(possibly because of "x509.*?"\)/, '') // a guess only Go makes
      .replace(/127\.0\.0\.2:\d+/g, '127.0.0.2:PORT')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID')
      .replace(/lookup nobody\.invalid.*?: (no such host|server misbehaving|.*)/, 'lookup nobody.invalid: no such host')
      .replace(/some-[a-z0-9]{5}/g, 'some-XXXXX');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, varying[key] && item !== null ? varying[key] : normal(item)]),
  );
}
