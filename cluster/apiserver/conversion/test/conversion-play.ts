import type { WebhookServer } from '../../admission/webhooks/testing/webhook-server.ts';
import { normal } from '../../admission/webhooks/test/play-scenario.ts';
import type { Call } from '../../admission/webhooks/test/play-scenario.ts';

type Converted = Record<string, unknown> & { metadata: Record<string, unknown>; spec?: Record<string, unknown> };
interface Request {
  readonly uid: string;
  readonly desiredAPIVersion: string;
  readonly objects: readonly Converted[];
}

const group = 'conversion-probe.example.com';

/** `v1` has `host`, `v2` has `address` for the same. */
function convert(object: Converted, to: string): Converted {
  const { host, address, ...rest } = object.spec ?? {};
  const value = host ?? address;
  return {
    ...object,
    apiVersion: to,
    spec: { ...rest, ...(value !== undefined && { [to.endsWith('v1') ? 'host' : 'address']: value }) },
  };
}

type Behaviour = (request: Request, good: Converted[]) => unknown;
const review = (request: Request, response: object): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'ConversionReview',
  response: { uid: request.uid, ...response },
});
const success = { status: 'Success' };
const with0 = (good: Converted[], change: (one: Converted) => Converted): Converted[] =>
  good.map((one, index) => (index === 0 ? change(one) : one));

/** How a converter can behave, well and badly. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  good: (request, good) => review(request, { result: success, convertedObjects: good }),
  'a failure with a message': (request) => review(request, { result: { status: 'Failure', message: 'too old' } }),
  'a failure without a message': (request) => review(request, { result: { status: 'Failure' } }),
  'no result': (request, good) => review(request, { convertedObjects: good }),
  'no response': () => ({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview' }),
  'another uid': (_request, good) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'ConversionReview',
    response: { uid: 'other', result: success, convertedObjects: good },
  }),
  'another kind of answer': () => ({ apiVersion: 'v1', kind: 'Pod' }),
  'too few objects': (request) => review(request, { result: success, convertedObjects: [] }),
  'the wrong version': (request) => review(request, { result: success, convertedObjects: request.objects }),
  'the wrong kind': (request, good) =>
    review(request, { result: success, convertedObjects: with0(good, (one) => ({ ...one, kind: 'Other' })) }),
  'another name': (request, good) =>
    review(request, {
      result: success,
      convertedObjects: with0(good, (one) => ({ ...one, metadata: { ...one.metadata, name: 'other' } })),
    }),
  'another uid of the object': (request, good) =>
    review(request, {
      result: success,
      convertedObjects: with0(good, (one) => ({ ...one, metadata: { ...one.metadata, uid: 'other' } })),
    }),
  'labels and finalizers': (request, good) =>
    review(request, {
      result: success,
      convertedObjects: with0(good, (one) => ({
        ...one,
        metadata: { ...one.metadata, labels: { by: 'converter' }, finalizers: ['a.b/c'] },
      })),
    }),
  'no metadata': (request, good) =>
    review(request, {
      result: success,
      convertedObjects: with0(good, ({ metadata: _metadata, ...one }) => one as Converted),
    }),
  'an unknown field': (request, good) =>
    review(request, { result: success, convertedObjects: with0(good, (one) => ({ ...one, extra: 1 })) }),
};

const schemaOf = (field: string): object => ({
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          [field]: { type: 'string' },
          size: { type: 'integer', ...(field === 'address' && { default: 3 }) },
        },
      },
    },
  },
});

function definition(conversion: object): object {
  const version = (name: string, storage: boolean, field: string): object => ({
    name,
    served: true,
    storage,
    schema: schemaOf(field),
    subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
  });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `probes.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'probes', kind: 'Probe', listKind: 'ProbeList', singular: 'probe' },
      versions: [version('v1', true, 'host'), version('v2', false, 'address')],
      conversion,
    },
  };
}

const at = (version: string, rest = ''): string => `/apis/${group}/${version}/namespaces/default/probes${rest}`;
const probe = (version: string, name: string, spec: object): object => ({
  apiVersion: `${group}/${version}`,
  kind: 'Probe',
  metadata: { name },
  spec,
});
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Stage {
  readonly call: Call;
  readonly server: WebhookServer;
}

async function until(call: Call, path: string, status: number): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if ((await call({ method: 'GET', path })).status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${path} does not answer ${status}`);
}

/** Makes the definition anew; `strategy` decides how its objects are converted. */
export async function define({ call, server }: Stage, strategy: 'None' | 'Webhook'): Promise<void> {
  await forget(call);
  const clientConfig = { url: `${server.url}/convert`, caBundle: Buffer.from(server.caPem).toString('base64') };
  const conversion =
    strategy === 'None' ? { strategy } : { strategy, webhook: { clientConfig, conversionReviewVersions: ['v1'] } };
  await call({ method: 'POST', path: definitions, body: definition(conversion) });
  await until(call, at('v2'), 200);
}

export async function forget(call: Call): Promise<void> {
  await call({ method: 'DELETE', path: `${definitions}/probes.${group}` });
  await until(call, `${definitions}/probes.${group}`, 404);
}

/** Who owns which field is another suite's matter. */
function withoutOwners(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'managedFields' ? undefined : value)));
}

async function say(
  call: Call,
  steps: readonly (readonly [method: string, path: string, body?: unknown, type?: string])[],
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const [method, path, body, type] of steps) {
    const answered = await call({ method, path, body, ...(type && { type }) });
    answers.push(withoutOwners(normal({ request: `${method} ${path}`, status: answered.status, body: answered.body })));
  }
  return answers;
}

const merge = 'application/merge-patch+json';

/** All that can be done with objects of two versions. */
export async function playGood({ call, server }: Stage): Promise<unknown> {
  server.on('/convert', (sent) => {
    const request = sent.request as Request; // what a converter is sent
    return {
      body: behaviours['good']?.(
        request,
        request.objects.map((one) => convert(one, request.desiredAPIVersion)),
      ),
    };
  });
  server.received.length = 0;
  const answers = await say(call, [
    ['POST', at('v1'), probe('v1', 'one', { host: 'a' })],
    ['POST', at('v2'), probe('v2', 'two', { address: 'b', unknown: 1 })],
    ['GET', at('v1', '/one')],
    ['GET', at('v2', '/one')],
    ['GET', at('v1', '/two')],
    ['GET', at('v2', '/two')],
    ['GET', at('v1')],
    ['GET', at('v2')],
    ['PATCH', at('v2', '/one'), { spec: { address: 'c' } }, merge],
    ['PATCH', at('v2', '/one/status'), { status: {} }, merge],
    ['PATCH', at('v1', '/two/scale'), { spec: { replicas: 5 } }, merge],
    ['GET', at('v2', '/two/scale')],
    [
      'PATCH',
      `${at('v2', '/three')}?fieldManager=m`,
      probe('v2', 'three', { address: 'x' }),
      'application/apply-patch+yaml',
    ],
    ['GET', `${at('v2')}?labelSelector=a`],
    ['GET', at('v1', '/one')],
    ['DELETE', at('v2', '/two')],
    ['GET', at('v1', '/two')],
    ['GET', `${definitions}/probes.${group}`],
  ]);
  const definitionAnswer = answers.pop() as { body: { status: { storedVersions: unknown } } }; // the last step
  return { answers, storedVersions: definitionAnswer.body.status.storedVersions };
}

/** What is answered when the converter behaves so. */
export async function playBehaviour({ call, server }: Stage, name: string): Promise<unknown> {
  const behave = behaviours[name];
  server.on('/convert', (sent) => {
    const request = sent.request as Request; // what a converter is sent
    return {
      body: behave?.(
        request,
        request.objects.map((one) => convert(one, request.desiredAPIVersion)),
      ),
    };
  });
  const steps = ['bad'].map((it) => `${it}-${Object.keys(behaviours).indexOf(name)}`);
  const [own = ''] = steps;
  return say(call, [
    ['POST', at('v1'), probe('v1', own, { host: 'a' })],
    ['GET', at('v2', `/${own}`)],
    ['PATCH', at('v2', `/${own}`), { spec: { address: 'c' } }, merge],
    ['POST', at('v2'), probe('v2', `${own}-two`, { address: 'b' })],
    ['DELETE', at('v1', `/${own}`)],
    ['DELETE', at('v1', `/${own}-two`)],
  ]);
}
