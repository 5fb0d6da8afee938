import { patchOf, respond } from '../testing/webhook-server.ts';
import type { Reply } from '../testing/webhook-server.ts';

export const place = 'webhook-probe';
const ns = `/api/v1/namespaces/${place}`;
const apps = `/apis/apps/v1/namespaces/${place}`;

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

const rule = (operations: string[], apiGroups: string[], resources: string[], apiVersions = ['v1']) => ({
  operations,
  apiGroups,
  apiVersions,
  resources,
});
const configMap = (name: string, rest: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a: '1' },
  ...rest,
});
const createIt: Step = { method: 'POST', path: `${ns}/configmaps`, body: configMap('one') };
const allow: Reply = (review) => respond(review, { allowed: true });
const answers =
  (response: Record<string, unknown>): Reply =>
  (review) =>
    respond(review, response);
const raw =
  (body: unknown, status = 200, headers = {}): Reply =>
  () => ({ status, body, headers });

const one = (why: string, reply: Reply, webhook: Record<string, unknown> = {}, mutating = false): Scenario => ({
  why,
  hooks: [{ reply, webhook, mutating }],
  steps: [createIt],
});

const refusals: Scenario[] = [
  one('a denial with a message', answers({ allowed: false, status: { message: 'not on my watch' } })),
  one('a denial without any word', answers({ allowed: false })),
  one('a denial with an empty status', answers({ allowed: false, status: {} })),
  one('a denial with a reason instead of a message', answers({ allowed: false, status: { reason: 'Because' } })),
  one(
    'a denial with code, reason and details',
    answers({
      allowed: false,
      status: {
        code: 418,
        reason: 'Teapot',
        message: 'short and stout',
        details: { causes: [{ field: 'data.a', message: 'tea', reason: 'FieldValueInvalid' }] },
      },
    }),
  ),
  one('a denial with a code that is a success', answers({ allowed: false, status: { code: 200, message: 'odd' } })),
  one('a denial with code 500', answers({ allowed: false, status: { code: 500, message: 'odd' } })),
  one('a mutating denial', answers({ allowed: false, status: { message: 'no' } }), {}, true),
  one(
    'a mutating denial although failures are ignored',
    answers({ allowed: false, status: { message: 'no' } }),
    { failurePolicy: 'Ignore' },
    true,
  ),
  one('warnings of an accepted object', answers({ allowed: true, warnings: ['first', 'second "quoted"'] })),
  one('warnings of a refused object', answers({ allowed: false, warnings: ['beware'], status: { message: 'no' } })),
  one('warnings of a mutating webhook', answers({ allowed: true, warnings: ['changed'] }), {}, true),
  one('audit annotations', answers({ allowed: true, auditAnnotations: { why: 'because' } })),
  one('a warning that is too long', answers({ allowed: true, warnings: ['x'.repeat(300)] })),
];

const badAnswers: Scenario[] = [true, false].flatMap((mutating) => [
  one('an answer that is no JSON', raw('hello'), {}, mutating),
  one('an empty answer', raw(''), {}, mutating),
  one('an answer of another kind', raw({ apiVersion: 'v1', kind: 'Pod' }), {}, mutating),
  one('an answer without a kind', raw({ response: { allowed: true } }), {}, mutating),
  one(
    'an answer without a response',
    raw({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }),
    {},
    mutating,
  ),
  one(
    'an answer in another version',
    (review) => ({
      body: {
        apiVersion: 'admission.k8s.io/v1beta1',
        kind: 'AdmissionReview',
        response: { uid: (review.request as { uid: string }).uid, allowed: true }, // every review has one
      },
    }),
    {},
    mutating,
  ),
  one(
    'an answer to another request',
    raw({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'other', allowed: true } }),
    {},
    mutating,
  ),
  one('HTTP 500', raw('boom', 500), {}, mutating),
  one(
    'HTTP 404 with a Status',
    raw({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'gone', reason: 'NotFound', code: 404 }, 404),
    {},
    mutating,
  ),
  one('HTTP 302', raw('', 302, { Location: 'https://127.0.0.1:1/elsewhere' }), {}, mutating),
  one('HTTP 500, ignored', raw('boom', 500), { failurePolicy: 'Ignore' }, mutating),
  one('no JSON, ignored', raw('hello'), { failurePolicy: 'Ignore' }, mutating),
  one('no answer in time', () => 'never', { timeoutSeconds: 1 }, mutating),
  one('no answer in time, ignored', () => 'never', { timeoutSeconds: 1, failurePolicy: 'Ignore' }, mutating),
]);

const badPatches: Scenario[] = [
  one(
    'a patch without its type',
    (r) => respond(r, { allowed: true, patch: patchOf({ op: 'add', path: '/data/x', value: '1' }).patch }),
    {},
    true,
  ),
  one('a patch of an unknown type', (r) => respond(r, { allowed: true, ...patchOf(), patchType: 'Merge' }), {}, true),
  one('a type without a patch', answers({ allowed: true, patchType: 'JSONPatch' }), {}, true),
  one('a patch of a validating webhook', (r) =>
    respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/x', value: '1' }) }),
  ),
  one(
    'a patch that is no JSON',
    answers({ allowed: true, patchType: 'JSONPatch', patch: Buffer.from('hello').toString('base64') }),
    {},
    true,
  ),
  one('a patch that is no base64', answers({ allowed: true, patchType: 'JSONPatch', patch: '%%%' }), {}, true),
  one(
    'a patch that is no list',
    answers({ allowed: true, patchType: 'JSONPatch', patch: Buffer.from('{}').toString('base64') }),
    {},
    true,
  ),
  one(
    'a patch of a field that is missing',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/data/zzz', value: '1' }) }),
    {},
    true,
  ),
  one(
    'a patch whose test fails',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'test', path: '/data/a', value: '9' }) }),
    {},
    true,
  ),
  one(
    'a patch into a missing object',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/binaryData/x', value: 'aGk=' }) }),
    {},
    true,
  ),
  one(
    'a patch with an unknown operation',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'frob', path: '/data/a', value: '9' }) }),
    {},
    true,
  ),
  one(
    'a patch that gives a wrong type',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/data/a', value: 7 }) }),
    {},
    true,
  ),
  one(
    'a patch that gives an invalid object',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/b%20c', value: 'x' }) }),
    {},
    true,
  ),
  one(
    'a patch that adds an unknown field',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/unknown', value: 'x' }) }),
    {},
    true,
  ),
  one('a patch that empties a patch list', (r) => respond(r, { allowed: true, ...patchOf() }), {}, true),
  one(
    'a patch that renames the object',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/metadata/name', value: 'two' }) }),
    {},
    true,
  ),
  one(
    'a good patch',
    (r) =>
      respond(r, {
        allowed: true,
        ...patchOf(
          { op: 'add', path: '/data/b', value: '2' },
          { op: 'add', path: '/metadata/labels', value: { by: 'hook' } },
        ),
      }),
    {},
    true,
  ),
];

const connections: Scenario[] = [
  { why: 'nobody listens', hooks: [{ clientConfig: { url: 'https://127.0.0.1:PORT/x' } }], steps: [createIt] },
  {
    why: 'nobody listens, ignored',
    hooks: [{ clientConfig: { url: 'https://127.0.0.1:PORT/x' }, webhook: { failurePolicy: 'Ignore' } }],
    steps: [createIt],
  },
  {
    why: 'an authority nobody trusts',
    hooks: [{ reply: allow, clientConfig: { caBundle: undefined } }],
    steps: [createIt],
  },
  { why: 'another authority', hooks: [{ reply: allow, clientConfig: { caBundle: 'OTHER' } }], steps: [createIt] },
  {
    why: 'a certificate for another name',
    hooks: [{ reply: allow, clientConfig: { host: '127.0.0.2' } }],
    steps: [createIt],
  },
  {
    why: 'a host without an address',
    hooks: [{ clientConfig: { url: 'https://nobody.invalid/x' } }],
    steps: [createIt],
  },
  {
    why: 'a Service that is missing',
    hooks: [{ clientConfig: { service: { namespace: place, name: 'absent', path: '/x' } } }],
    steps: [createIt],
  },
  {
    why: 'a Service without that port',
    hooks: [{ clientConfig: { service: { namespace: place, name: 'lonely', port: 8443 } } }],
    steps: [createIt],
  },
  {
    why: 'an external Service that is not there',
    hooks: [{ clientConfig: { service: { namespace: place, name: 'away', port: 443, path: '/x' } } }],
    steps: [createIt],
  },
];

const selection: Scenario[] = [
  { why: 'a query in the URL is kept', hooks: [{ reply: allow, query: '?a=b' }], steps: [createIt] },
  one('an object that the object selector leaves out', answers({ allowed: false }), {
    objectSelector: { matchLabels: { check: 'yes' } },
  }),
  {
    why: 'an object that leaves the object selector is still looked at',
    hooks: [
      {
        reply: answers({ allowed: false }),
        webhook: { objectSelector: { matchLabels: { check: 'yes' } }, rules: [rule(['UPDATE'], [''], ['configmaps'])] },
      },
    ],
    steps: [
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        body: configMap('one', { metadata: { name: 'one', labels: { check: 'yes' } } }),
      },
      { method: 'PUT', path: `${ns}/configmaps/one`, body: configMap('one') },
    ],
  },
  one('a namespace that the namespace selector leaves out', answers({ allowed: false }), {
    namespaceSelector: { matchLabels: { nope: 'nope' } },
  }),
  one('another operation', answers({ allowed: false }), { rules: [rule(['UPDATE', 'DELETE'], [''], ['configmaps'])] }),
  one('another resource', answers({ allowed: false }), { rules: [rule(['CREATE'], [''], ['secrets'])] }),
  one('another scope', answers({ allowed: false }), {
    rules: [{ ...rule(['CREATE'], [''], ['configmaps']), scope: 'Cluster' }],
  }),
  one('every resource', answers({ allowed: false }), { rules: [rule(['*'], ['*'], ['*'], ['*'])] }),
  one('parts only', answers({ allowed: false }), { rules: [rule(['CREATE'], [''], ['*/status'])] }),
  one('resources and their parts', answers({ allowed: false }), { rules: [rule(['CREATE'], [''], ['*/*'])] }),
  one('a condition that does not hold', answers({ allowed: false }), {
    matchConditions: [{ name: 'no', expression: 'object.data.a == "2"' }],
  }),
  one('a condition that holds', answers({ allowed: false }), {
    matchConditions: [{ name: 'yes', expression: 'object.data.a == "1"' }],
  }),
  one('a condition that fails', allow, { matchConditions: [{ name: 'bad', expression: 'object.data.zzz == "1"' }] }),
  one('a condition that fails, ignored', answers({ allowed: false }), {
    failurePolicy: 'Ignore',
    matchConditions: [{ name: 'bad', expression: 'object.data.zzz == "1"' }],
  }),
  {
    why: 'a dry run past a webhook with effects',
    hooks: [{ reply: allow, webhook: { sideEffects: 'NoneOnDryRun' } }],
    steps: [{ ...createIt, path: `${ns}/configmaps?dryRun=All` }],
  },
];

const orders: Scenario[] = [
  {
    why: 'mutating webhooks see what those before them did; validating ones all of it',
    hooks: [
      {
        mutating: true,
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/first', value: '1' }) }),
      },
      {
        mutating: true,
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/second', value: '1' }) }),
      },
      { reply: allow },
    ],
    steps: [createIt],
  },
  {
    why: 'a webhook that asks for it is called again when a later one has changed the object',
    hooks: [
      { mutating: true, webhook: { reinvocationPolicy: 'IfNeeded' }, reply: allow },
      {
        mutating: true,
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/second', value: '1' }) }),
      },
    ],
    steps: [createIt],
  },
  {
    why: 'a webhook is not called again when nothing has changed',
    hooks: [
      { mutating: true, webhook: { reinvocationPolicy: 'IfNeeded' }, reply: allow },
      { mutating: true, reply: allow },
    ],
    steps: [createIt],
  },
  {
    why: 'what a patch leaves out gets its defaults again',
    hooks: [
      {
        mutating: true,
        webhook: { rules: [rule(['CREATE'], [''], ['services'])] },
        reply: (r) =>
          respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/spec/ports', value: [{ port: 80 }] }) }),
      },
    ],
    steps: [
      {
        method: 'POST',
        path: `${ns}/services`,
        body: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'svc' },
          spec: { clusterIP: 'None', selector: { a: 'b' } },
        },
      },
    ],
  },
];

const everything = { rules: [rule(['*'], ['*'], ['*/*'], ['*'])] };
const look = (why: string, steps: Step[], withoutObjects = false): Scenario => ({
  why,
  hooks: [
    { mutating: true, reply: allow, webhook: everything },
    { reply: allow, webhook: everything },
  ],
  steps,
  withoutObjects,
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'i' }] },
};

const reviews: Scenario[] = [
  look('what a creation shows', [createIt]),
  look('what a creation with options shows', [
    { ...createIt, path: `${ns}/configmaps?fieldManager=me&fieldValidation=Strict&dryRun=All` },
  ]),
  look('what a creation without a name shows', [
    {
      ...createIt,
      path: `${ns}/configmaps?dryRun=All`,
      body: { ...configMap(''), metadata: { generateName: 'some-' } },
    },
  ]),
  look('what a replacement shows', [
    createIt,
    { method: 'PUT', path: `${ns}/configmaps/one?fieldManager=me`, body: configMap('one', { data: { b: '2' } }) },
  ]),
  look('what patches show', [
    createIt,
    {
      method: 'PATCH',
      path: `${ns}/configmaps/one?fieldManager=me`,
      type: 'application/merge-patch+json',
      body: { data: { c: '3' } },
    },
    {
      method: 'PATCH',
      path: `${ns}/configmaps/one?fieldManager=me&force=true`,
      type: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', data: { d: '4' } },
    },
  ]),
  look('what an apply that creates shows', [
    {
      method: 'PATCH',
      path: `${ns}/configmaps/new?fieldManager=me&dryRun=All`,
      type: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' }, data: { d: '4' } },
    },
  ]),
  look('what deletions show', [
    createIt,
    {
      method: 'DELETE',
      path: `${ns}/configmaps/one`,
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background', gracePeriodSeconds: 3 },
    },
    createIt,
    { method: 'DELETE', path: `${ns}/configmaps/one?propagationPolicy=Background` },
    { method: 'DELETE', path: `${ns}/configmaps/one` },
  ]),
  look('what the deletion of a collection shows', [
    createIt,
    { method: 'DELETE', path: `${ns}/configmaps?labelSelector=!kubernetes.io/x&fieldSelector=metadata.name%3Done` },
  ]),
  look(
    'what scaling shows',
    [
      { method: 'POST', path: `${apps}/deployments`, body: deployment },
      {
        method: 'PATCH',
        path: `${apps}/deployments/web/scale`,
        type: 'application/merge-patch+json',
        body: { spec: { replicas: 1 } },
      },
      {
        method: 'PUT',
        path: `${apps}/deployments/web/scale`,
        body: {
          apiVersion: 'autoscaling/v1',
          kind: 'Scale',
          metadata: { name: 'web', namespace: place },
          spec: { replicas: 0 },
        },
      },
    ],
    true,
  ),
  look(
    'what the parts of a pod show',
    [
      { method: 'POST', path: `${ns}/pods`, body: pod },
      {
        method: 'PATCH',
        path: `${ns}/pods/p/status`,
        type: 'application/merge-patch+json',
        body: { status: { message: 'hi' } },
      },
      {
        method: 'POST',
        path: `${ns}/pods/p/binding`,
        body: {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name: 'p' },
          target: { kind: 'Node', name: 'no-such-node' },
        },
      },
      {
        method: 'POST',
        path: `${ns}/pods/p/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } },
      },
    ],
    true,
  ),
  look(
    'what a token request shows',
    [
      {
        method: 'POST',
        path: `${ns}/serviceaccounts/default/token`,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
      },
    ],
    true,
  ),
  look('what a review shows', [
    {
      method: 'POST',
      path: `/apis/authorization.k8s.io/v1/namespaces/${place}/localsubjectaccessreviews`,
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'LocalSubjectAccessReview',
        metadata: { namespace: place },
        spec: { user: 'u', resourceAttributes: { namespace: place, verb: 'get', resource: 'pods' } },
      },
    },
  ]),
  {
    why: 'a scale that a webhook changes',
    hooks: [
      {
        mutating: true,
        webhook: { rules: [rule(['UPDATE'], ['apps'], ['deployments/scale'])] },
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/spec/replicas', value: 0 }) }),
      },
    ],
    steps: [
      { method: 'POST', path: `${apps}/deployments`, body: deployment },
      {
        method: 'PATCH',
        path: `${apps}/deployments/web/scale`,
        type: 'application/merge-patch+json',
        body: { spec: { replicas: 5 } },
      },
    ],
    withoutObjects: true,
  },
  {
    why: 'an eviction that a webhook refuses',
    hooks: [
      {
        webhook: { rules: [rule(['CREATE'], [''], ['pods/eviction'])] },
        reply: answers({ allowed: false, status: { message: 'stay' } }),
      },
    ],
    steps: [
      { method: 'POST', path: `${ns}/pods`, body: pod },
      {
        method: 'POST',
        path: `${ns}/pods/p/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } },
      },
    ],
    withoutObjects: true,
  },
  {
    why: 'a deletion that a webhook refuses',
    hooks: [
      {
        webhook: { rules: [rule(['DELETE'], [''], ['configmaps'])] },
        reply: answers({ allowed: false, status: { message: 'stay' } }),
      },
    ],
    steps: [
      createIt,
      { method: 'DELETE', path: `${ns}/configmaps/one` },
      { method: 'DELETE', path: `${ns}/configmaps?fieldSelector=metadata.name%3Done` },
    ],
  },
  {
    why: 'a connection that a webhook refuses',
    hooks: [
      {
        webhook: { rules: [rule(['CONNECT'], [''], ['pods/exec'])] },
        reply: answers({ allowed: false, status: { message: 'stay out' } }),
      },
    ],
    steps: [
      { method: 'POST', path: `${ns}/pods`, body: { ...pod, spec: { ...pod.spec, nodeName: 'nowhere' } } },
      { method: 'POST', path: `${ns}/pods/p/exec?command=ls&command=-l&stdout=true&container=c` },
    ],
    withoutObjects: true,
  },
  {
    why: 'another version of the same objects, Equivalent',
    hooks: [
      { webhook: { rules: [rule(['CREATE'], ['events.k8s.io'], ['events'])] }, reply: answers({ allowed: false }) },
    ],
    steps: [
      {
        method: 'POST',
        path: `${ns}/events`,
        body: {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: 'e' },
          involvedObject: { kind: 'Pod', namespace: place, name: 'x' },
          reason: 'R',
          message: 'm',
          type: 'Normal',
        },
      },
    ],
  },
  {
    why: 'another version of the same objects, Exact',
    hooks: [
      {
        webhook: { matchPolicy: 'Exact', rules: [rule(['CREATE'], ['autoscaling'], ['horizontalpodautoscalers'])] },
        reply: answers({ allowed: false }),
      },
    ],
    steps: [
      {
        method: 'POST',
        path: `/apis/autoscaling/v2/namespaces/${place}/horizontalpodautoscalers?dryRun=All`,
        body: {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'h' },
          spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' } },
        },
      },
    ],
  },
];

/** Everything that is asked of webhooks, of a real API server and of ours. */
export const scenarios: readonly Scenario[] = [
  ...refusals,
  ...badAnswers,
  ...badPatches,
  ...connections,
  ...selection,
  ...orders,
  ...reviews,
];
