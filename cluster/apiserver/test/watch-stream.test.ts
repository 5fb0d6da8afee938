import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ApiServer } from '../start-api-server.ts';
import { object, startTestServer } from '../testing/test-server.ts';

let server: ApiServer;
beforeAll(async () => {
  ({ server } = await startTestServer());
});
afterAll(() => server.stop());

/** The answer of a watch, of which nothing is read yet. */
function openWatch(path: string): Promise<IncomingMessage> {
  const { users } = parse(server.kubeconfig) as { users: { user: Record<string, string> }[] }; // made by ourselves
  const pem = (name: string): Buffer => Buffer.from(users[0]?.user[`client-${name}-data`] ?? '', 'base64');
  const tls = { ca: server.caPem, cert: pem('certificate'), key: pem('key') };
  return new Promise((resolve, reject) => {
    request(`${server.url}${path}`, tls, resolve).on('error', reject).end();
  });
}

interface WatchEvent {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string } };
}

async function* eventsOf(stream: IncomingMessage): AsyncGenerator<WatchEvent> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as WatchEvent;
  }
}

const configMaps = { group: '', resource: 'configmaps' };

it('shows a reader that pauses every change, however much there is', async () => {
  const { resourceVersion } = await server.client.list(configMaps);
  const watch = `/api/v1/namespaces/default/configmaps?watch=true&resourceVersion=${resourceVersion}`;
  const [live, data] = [await openWatch(watch), { a: 'x'.repeat(900_000) }];
  const names = Array.from({ length: 40 }, (_, i) => `large-${i}`);
  for (const name of names) {
    await server.client.create(configMaps, object('v1/ConfigMap', { name, namespace: 'default' }, { data }));
  }
  for (const stream of [live, await openWatch(watch)]) {
    const seen: string[] = [];
    for await (const { object: one } of eventsOf(stream)) if (seen.push(one.metadata.name) === names.length) break;
    expect(seen).toEqual(names);
  }
});

it('ends when its kind is served no longer', async () => {
  const names = { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' };
  const schema = { openAPIV3Schema: { type: 'object' } };
  const spec = {
    group: 'example.com',
    scope: 'Namespaced',
    names,
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  };
  const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };
  const type = 'apiextensions.k8s.io/v1/CustomResourceDefinition';
  const created = await server.client.create(definitions, object(type, { name: 'gadgets.example.com' }, { spec }));
  const established = {
    type: 'Established',
    status: 'True',
    reason: 'Accepted',
    message: '',
    lastTransitionTime: null,
  };
  const status = { ...(created.status as object), conditions: [established] }; // the server has set it
  await server.client.update(definitions, { ...created, status }, 'status');
  const stream = await openWatch('/apis/example.com/v1/gadgets?watch=true');
  expect(stream.statusCode).toBe(200);
  const gadget = object('example.com/v1/Gadget', { name: 'one', namespace: 'default' });
  await server.client.create({ group: 'example.com', resource: 'gadgets' }, gadget);
  await server.client.delete(definitions, undefined, 'gadgets.example.com');
  const cleaned = { type: 'merge', body: { metadata: { finalizers: null } } } as const; // as the controller does
  await server.client.patch(definitions, undefined, 'gadgets.example.com', cleaned);
  const seen: string[] = [];
  for await (const event of eventsOf(stream)) seen.push(`${event.type} ${event.object.metadata.name}`);
  expect(seen[0]).toBe('ADDED one');
});
