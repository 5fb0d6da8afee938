import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClusterObject, ClusterWatchEvent } from '../../client.ts';
import type { ApiServer } from '../start-api-server.ts';
import { object, startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';

let server: ApiServer;
let call: TestServer['call'];

beforeAll(async () => {
  ({ server, call } = await startTestServer());
});
afterAll(() => server.stop());

const configMaps = { group: '', resource: 'configmaps' };
const configMap = (name: string, data: Record<string, string> = {}): ClusterObject =>
  object('v1/ConfigMap', { name, namespace: 'default' }, { data });

describe('objects', () => {
  it('a create sets what only the server sets, and is told by name when it exists', async () => {
    const created = await server.client.create(configMaps, configMap('made', { a: '1' }));
    expect(created.metadata).toMatchObject({
      name: 'made',
      namespace: 'default',
      uid: expect.any(String),
      resourceVersion: expect.any(String),
    });
    await expect(server.client.create(configMaps, configMap('made'))).rejects.toMatchObject({
      reason: 'AlreadyExists',
    });
  });

  it('a dry run answers as if, and leaves nothing', async () => {
    const answer = await call('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', { body: configMap('dry') });
    expect(answer.status).toBe(201);
    expect((await call('GET', '/api/v1/namespaces/default/configmaps/dry')).status).toBe(404);
  });

  it('an update of an old state is a conflict; what changes nothing keeps its version', async () => {
    const created = await server.client.create(configMaps, configMap('upd', { a: '1' }));
    const updated = await server.client.update(configMaps, { ...created, data: { a: '2' } });
    await expect(server.client.update(configMaps, { ...created, data: { a: '3' } })).rejects.toMatchObject({
      reason: 'Conflict',
    });
    const same = await server.client.update(configMaps, updated);
    expect(same.metadata.resourceVersion).toBe(updated.metadata.resourceVersion);
  });

  it('many writers of one object lose no update', async () => {
    await server.client.create(configMaps, configMap('busy'));
    const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
    await Promise.all(
      keys.map((k) =>
        server.client.patch(configMaps, 'default', 'busy', { type: 'merge', body: { data: { [k]: 'x' } } }),
      ),
    );
    const { data } = await server.client.get(configMaps, 'default', 'busy');
    expect(Object.keys(data as object).sort()).toEqual([...keys].sort());
  });

  it('a finalizer keeps a deleted object until it is taken away', async () => {
    const waiting = configMap('fin');
    waiting.metadata.finalizers = ['example.com/hold'];
    await server.client.create(configMaps, waiting);
    await server.client.delete(configMaps, 'default', 'fin');
    expect((await server.client.get(configMaps, 'default', 'fin')).metadata.deletionTimestamp).toBeDefined();
    await server.client.patch(configMaps, 'default', 'fin', {
      type: 'merge',
      body: { metadata: { finalizers: null } },
    });
    await expect(server.client.get(configMaps, 'default', 'fin')).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it.each([
    { why: 'unknown fields are refused when the client wants that', query: '?fieldValidation=Strict', status: 400 },
    { why: 'and dropped with a warning otherwise', query: '', status: 201 },
  ])('$why', async ({ query, status }) => {
    const body = { ...configMap(`strict${status}`), nosuch: 1 };
    const answer = await call('POST', `/api/v1/namespaces/default/configmaps${query}`, { body });
    expect(answer.status).toBe(status);
    expect(String(status === 400 ? answer.body.message : answer.headers.warning)).toContain('unknown field');
  });
});

describe('lists', () => {
  it('pages show one moment, whatever happens meanwhile', async () => {
    for (let i = 0; i < 5; i++)
      await server.client.create(configMaps, object('v1/ConfigMap', { name: `p${i}`, namespace: 'kube-public' }));
    const first = await call('GET', '/api/v1/namespaces/kube-public/configmaps?limit=2');
    expect(first.body.metadata.remainingItemCount).toBe(3);
    await server.client.delete(configMaps, 'kube-public', 'p4');
    await server.client.create(configMaps, object('v1/ConfigMap', { name: 'p3a', namespace: 'kube-public' }));
    const rest = await call(
      'GET',
      `/api/v1/namespaces/kube-public/configmaps?limit=9&continue=${encodeURIComponent(first.body.metadata.continue)}`,
    );
    expect(rest.body.items.map((item: ClusterObject) => item.metadata.name)).toEqual(['p2', 'p3', 'p4']);
    expect(rest.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });
});

describe('watches', () => {
  it('an object that begins or ceases to match comes and goes; the last thing seen is what was there', async () => {
    const { resourceVersion } = await server.client.list(configMaps);
    await server.client.create(configMaps, configMap('sel', { seen: 'no' }));
    await server.client.patch(configMaps, 'default', 'sel', {
      type: 'merge',
      body: { metadata: { labels: { on: 'yes' } }, data: { seen: 'yes' } },
    });
    await server.client.patch(configMaps, 'default', 'sel', {
      type: 'merge',
      body: { metadata: { labels: null }, data: { seen: 'late' } },
    });
    const { body } = await call(
      'GET',
      `/api/v1/namespaces/default/configmaps?watch=1&labelSelector=on&timeoutSeconds=1&resourceVersion=${resourceVersion}`,
    );
    const events = String(body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ClusterWatchEvent);
    expect(events.map(({ type, object: { data } }) => [type, data.seen])).toEqual([
      ['ADDED', 'yes'],
      ['DELETED', 'yes'],
    ]);
  });

  it('initial events end with a bookmark that says so', async () => {
    const path =
      '/api/v1/namespaces/kube-system/configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1';
    const events = String((await call('GET', path)).body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ClusterWatchEvent);
    const bookmark = events.findIndex(({ type }) => type === 'BOOKMARK');
    expect(events[bookmark]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(events.slice(0, bookmark).every(({ type }) => type === 'ADDED')).toBe(true);
  });

  it('a client of this process sees its own writes in order', async () => {
    const { resourceVersion } = await server.client.list(configMaps);
    const seen: string[] = [];
    const stop = server.client.watch(configMaps, resourceVersion, ({ type, object: { metadata } }) =>
      seen.push(`${type} ${metadata.name}`),
    );
    await server.client.create(configMaps, configMap('w1'));
    await server.client.delete(configMaps, 'default', 'w1');
    await vi.waitFor(() => expect(seen).toEqual(['ADDED w1', 'DELETED w1']));
    stop();
  });
});

describe('custom kinds', () => {
  const definition = object(
    'apiextensions.k8s.io/v1/CustomResourceDefinition',
    { name: 'things.example.com' },
    {
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {}, scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } },
                  status: { type: 'object', properties: { n: { type: 'integer' } } },
                },
              },
            },
          },
        ],
      },
    },
  );
  const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };
  const things = { group: 'example.com', resource: 'things' };
  const thing = (name: string, n: number): ClusterObject =>
    object('example.com/v1/Thing', { name, namespace: 'default' }, { spec: { n, extra: 'dropped' } });

  it('are served once established, checked against their schema, and gone with their definition', async () => {
    const created = await server.client.create(definitions, definition);
    expect((await call('GET', '/apis/example.com/v1')).status).toBe(404);
    const established = {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: '',
      lastTransitionTime: new Date().toISOString(),
    };
    await server.client.update(
      definitions,
      { ...created, status: { ...(created.status as object), conditions: [established] } },
      'status',
    );
    expect((await call('GET', '/apis/example.com/v1')).status).toBe(200);
    const made = await server.client.create(things, thing('t', 3));
    expect(made.spec).toEqual({ n: 3 });
    expect(made.metadata.generation).toBe(1);
    await expect(server.client.create(things, thing('bad', 0))).rejects.toMatchObject({ reason: 'Invalid' });
    const scale = await call('GET', '/apis/example.com/v1/namespaces/default/things/t/scale');
    expect(scale.body.spec).toEqual({ replicas: 3 });
    await server.client.patch(
      things,
      'default',
      't',
      { type: 'merge', body: { spec: { n: 9 }, status: { n: 2 } } },
      'status',
    );
    expect(await server.client.get(things, 'default', 't')).toMatchObject({ spec: { n: 3 }, status: { n: 2 } });
    await server.client.delete(definitions, undefined, 'things.example.com');
    await server.client.patch(definitions, undefined, 'things.example.com', {
      type: 'merge',
      body: { metadata: { finalizers: null } },
    });
    expect((await call('GET', '/apis/example.com/v1')).status).toBe(404);
  });
});

describe('what is refused', () => {
  it.each([
    { why: 'an unknown group is no API at all', method: 'GET', path: '/apis/none.example.com/v1/x', status: 404 },
    { why: 'an unknown kind of a known group', method: 'GET', path: '/api/v1/foos', status: 404 },
    {
      why: 'a verb the place does not have',
      method: 'PUT',
      path: '/api/v1/namespaces/default/configmaps',
      status: 405,
    },
    {
      why: 'a namespace that does not exist',
      method: 'POST',
      path: '/api/v1/namespaces/nope/configmaps',
      body: configMap('x'),
      status: 400,
    },
    {
      why: 'a body that is no object',
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      body: [1],
      status: 400,
    },
    { why: 'a path that cannot be decoded', method: 'GET', path: '/api/v1/namespaces/%zz/pods', status: 400 },
    { why: 'a selector that makes no sense', method: 'GET', path: '/api/v1/pods?labelSelector=a%20b', status: 400 },
    { why: 'a continue token of nobody', method: 'GET', path: '/api/v1/pods?limit=1&continue=abc', status: 400 },
    { why: 'a namespace that may not go', method: 'DELETE', path: '/api/v1/namespaces/default', status: 403 },
    {
      why: 'an answer nobody can give',
      method: 'GET',
      path: '/api/v1/pods',
      headers: { accept: 'text/xml' },
      status: 406,
    },
    {
      why: 'a patch without a type',
      method: 'PATCH',
      path: '/api/v1/namespaces/default/configmaps/made',
      body: {},
      status: 415,
    },
  ])('$why: $method $path is $status', async ({ method, path, status, body, headers }) => {
    const answer = await call(method, path, { body, headers });
    expect(answer.status).toBe(status);
  });

  it('more than 3 MiB', async () => {
    const answer = await call('POST', '/api/v1/namespaces/default/configmaps', {
      body: configMap('big', { a: 'x'.repeat(4 << 20) }),
    });
    expect(answer.status).toBe(413);
  });
});
