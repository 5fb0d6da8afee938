import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { clusterCall } from '../../admission/webhooks/testing/cluster-call.ts';
import type { Answered, Call } from '../../admission/webhooks/test/play-scenario.ts';
import { startCluster } from '../../../start-cluster.ts';
import type { Cluster } from '../../../start-cluster.ts';
import { sampleGroup, startSampleServer } from '../testing/sample-server.ts';
import type { SampleServer } from '../testing/sample-server.ts';

const name = `v1.${sampleGroup}`;
const services = '/apis/apiregistration.k8s.io/v1/apiservices';
const gadgets = `/apis/${sampleGroup}/v1/namespaces/default/gadgets`;
const wholeDiscovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const soon = { timeout: 10_000, interval: 20 };

interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

describe('an API server behind this one', () => {
  let cluster: Cluster;
  let sample: SampleServer;
  let call: Call;
  const bodyOf = async (path: string): Promise<unknown> => (await call({ method: 'GET', path })).body;

  /** As `call`, with headers of the test's own. */
  const ask = (
    path: string,
    headers: Record<string, string>,
    onSocket?: (answer: string) => void,
  ): Promise<Answered> => {
    const { users } = parse(cluster.kubeconfig) as { users: { user: Record<string, string> }[] }; // made by ourselves
    const pem = (field: string): Buffer => Buffer.from(users[0]?.user[`client-${field}-data`] ?? '', 'base64');
    return new Promise((resolve, reject) => {
      const outgoing = request(cluster.url + path, {
        headers,
        ca: cluster.caPem,
        cert: pem('certificate'),
        key: pem('key'),
      });
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          onSocket?.(chunk.toString());
          if (onSocket) outgoing.destroy();
        });
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text.startsWith('{') ? JSON.parse(text) : { text },
          });
        });
      });
      outgoing.on('upgrade', (response, socket) => {
        socket.on('data', (chunk: Buffer) => {
          socket.destroy();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: { text: chunk.toString() } });
        });
        socket.write('hello');
      });
      outgoing.on('error', (error) => (onSocket ? undefined : reject(error)));
      outgoing.end();
    });
  };

  async function condition(): Promise<Condition | undefined> {
    const { status } = (await bodyOf(`${services}/${name}`)) as { status?: { conditions?: Condition[] } }; // an APIService
    return status?.conditions?.[0];
  }

  beforeAll(async () => {
    cluster = await startCluster({ nodes: 0 });
    call = clusterCall(cluster);
    const { data } = (await bodyOf('/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication')) as {
      data: Record<string, string>;
    }; // a ConfigMap
    sample = await startSampleServer('sample.default.svc', data['requestheader-client-ca-file'] ?? '');
  });
  afterAll(async () => {
    await sample.close();
    await cluster.stop();
  });

  it('tells other servers whom to believe', async () => {
    const { data } = (await bodyOf('/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication')) as {
      data: Record<string, string>;
    }; // a ConfigMap
    expect(JSON.parse(data['requestheader-allowed-names'] ?? '')).toEqual(['front-proxy-client']);
    expect(data['client-ca-file']).toBe(cluster.caPem);
  });

  it('lists what this server serves itself, as the real one does', async () => {
    const { items } = (await bodyOf(services)) as {
      items: { metadata: { name: string; labels: object }; spec: object; status: { conditions: Condition[] } }[];
    }; // a list of APIServices
    const apps = items.find((item) => item.metadata.name === 'v1.apps');
    expect(items.map((item) => item.metadata.name)).toContain('v1.');
    expect(apps?.metadata.labels).toEqual({ 'kube-aggregator.kubernetes.io/automanaged': 'onstart' });
    expect(apps?.spec).toEqual({ group: 'apps', version: 'v1', groupPriorityMinimum: 17_800, versionPriority: 15 });
    expect(apps?.status.conditions[0]).toMatchObject({
      status: 'True',
      reason: 'Local',
      message: 'Local APIServices are always available',
    });
  });

  it('says what stands in the way of a service', async () => {
    const spec = {
      group: sampleGroup,
      version: 'v1',
      groupPriorityMinimum: 2000,
      versionPriority: 10,
      caBundle: Buffer.from(sample.caPem).toString('base64'),
      service: { namespace: 'default', name: 'sample', port: sample.port },
    };
    const created = await call({
      method: 'POST',
      path: services,
      body: { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name }, spec },
    });
    expect(created.status).toBe(201);
    await expect.poll(condition, soon).toMatchObject({
      status: 'False',
      reason: 'ServiceNotFound',
      message: 'service/sample in "default" is not present',
    });
    const answer = await call({ method: 'GET', path: gadgets });
    expect([answer.status, answer.body]).toEqual([503, { text: 'service unavailable\n' }]);
  });

  it('is available as soon as it answers', async () => {
    await call({
      method: 'POST',
      path: '/api/v1/namespaces/default/services',
      body: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'sample' },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      },
    });
    await expect
      .poll(condition, soon)
      .toMatchObject({ status: 'True', reason: 'Passed', message: 'all checks passed' });
  });

  it('is found in every description of the API', async () => {
    const list = (await bodyOf('/apis')) as { groups: { name: string }[] }; // an APIGroupList
    expect(list.groups.find((group) => group.name === sampleGroup)).toEqual({
      name: sampleGroup,
      versions: [{ groupVersion: `${sampleGroup}/v1`, version: 'v1' }],
      preferredVersion: { groupVersion: `${sampleGroup}/v1`, version: 'v1' },
    });
    expect(await bodyOf(`/apis/${sampleGroup}`)).toMatchObject({ kind: 'APIGroup', name: sampleGroup });
    expect(await bodyOf(`/apis/${sampleGroup}/v1`)).toMatchObject({ resources: [{ name: 'gadgets' }] });
    const whole = (await ask('/apis', { accept: wholeDiscovery })).body as {
      items: { metadata: { name: string }; versions: unknown }[];
    }; // an APIGroupDiscoveryList
    expect(whole.items.find((item) => item.metadata.name === sampleGroup)?.versions).toEqual([
      {
        version: 'v1',
        freshness: 'Current',
        resources: [
          {
            resource: 'gadgets',
            responseKind: { group: sampleGroup, version: 'v1', kind: 'Gadget' },
            scope: 'Namespaced',
            singularResource: 'gadget',
            verbs: ['get', 'list', 'create', 'watch'],
            shortNames: ['gd'],
          },
        ],
      },
    ]);
    const { paths } = (await ask('/openapi/v3', {})).body as { paths: Record<string, { serverRelativeURL: string }> }; // the index
    const { serverRelativeURL = '' } = paths[`apis/${sampleGroup}/v1`] ?? {};
    expect(serverRelativeURL).toBe(`/openapi/v3/apis/${sampleGroup}/v1?hash=ABC`);
    expect((await ask(serverRelativeURL, {})).body).toMatchObject({ info: { title: 'sample' } });
  });

  it('gets requests with who sends them, and its answers reach the client', async () => {
    sample.seen.length = 0;
    const { status, body, headers } = await ask(`${gadgets}?limit=5`, {
      'x-remote-user': 'somebody-else',
      'X-Remote-Group': 'system:masters',
      authorization: '',
    });
    expect([status, headers['x-own']]).toEqual([200, 'kept']);
    expect(body).toMatchObject({ kind: 'GadgetList' });
    const [sent] = sample.seen;
    expect(sent?.url).toBe(`${gadgets}?limit=5`);
    expect(sent?.headers).toMatchObject({
      'x-forwarded-uri': gadgets,
      'x-remote-user': 'kubernetes-admin',
      'x-remote-group': 'system:masters, system:authenticated',
    });
    expect(sent?.headers.authorization).toBeUndefined();
    const created = await call({ method: 'POST', path: gadgets, body: { metadata: { name: 'new' } } });
    expect([created.status, created.body]).toEqual([201, { metadata: { name: 'new' } }]);
  });

  it('is asked as whom the client acts, and not by those without the right', async () => {
    sample.seen.length = 0;
    const refused = await ask(gadgets, { 'impersonate-user': 'nobody' });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      message: `gadgets.${sampleGroup} is forbidden: User "nobody" cannot list resource "gadgets" in API group "${sampleGroup}" in the namespace "default"`,
    });
    await ask(gadgets, {
      'impersonate-user': 'boss',
      'impersonate-group': 'system:masters',
      'impersonate-extra-team': 'red',
    });
    expect(
      sample.seen.map(({ headers }) => [
        headers['x-remote-user'],
        headers['x-remote-extra-team'],
        headers['impersonate-user'],
      ]),
    ).toEqual([['boss', 'red', undefined]]);
  });

  it('streams', async () => {
    const line = await new Promise<string>(
      (resolve, reject) => void ask(`${gadgets}?watch=true`, {}, resolve).catch(reject),
    );
    expect(JSON.parse(line)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'first' } } });
  });

  it('takes connections over', async () => {
    const { status, body } = await ask(`${gadgets}/first/echo`, { connection: 'Upgrade', upgrade: 'echo' });
    expect([status, body]).toEqual([101, { text: 'hello' }]);
  });

  it('is passed over while it fails, and its kinds are told to be stale', async () => {
    sample.discoveryStatus = 500;
    await call({
      method: 'PATCH',
      path: `${services}/${name}`,
      type: 'application/merge-patch+json',
      body: { spec: { versionPriority: 11 } },
    });
    await expect.poll(condition, soon).toMatchObject({
      status: 'False',
      reason: 'FailedDiscoveryCheck',
      message: `failing or missing response from https://localhost:${sample.port}/apis/${sampleGroup}/v1: bad status from https://localhost:${sample.port}/apis/${sampleGroup}/v1: 500`,
    });
    const whole = (await ask('/apis', { accept: wholeDiscovery })).body as {
      items: { metadata: { name: string }; versions: { freshness: string }[] }[];
    }; // an APIGroupDiscoveryList
    expect(whole.items.find((item) => item.metadata.name === sampleGroup)?.versions[0]?.freshness).toBe('Stale');
    sample.discoveryStatus = 200;
    await expect.poll(condition, soon).toMatchObject({ status: 'True' });
  });

  it('is forgotten with its service', async () => {
    await call({ method: 'DELETE', path: `${services}/${name}` });
    await vi.waitFor(async () => expect((await call({ method: 'GET', path: gadgets })).status).toBe(404), soon);
    expect(JSON.stringify(await bodyOf('/apis'))).not.toContain(sampleGroup);
  });

  it('lists the groups of custom kinds too, for as long as there are any', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.widgets.example.com' },
      spec: {
        group: 'widgets.example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await call({ method: 'POST', path: definitions, body: definition });
    const listed = async (): Promise<unknown> => bodyOf(`${services}/v1.widgets.example.com`);
    await expect.poll(listed, soon).toMatchObject({
      metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
      spec: { groupPriorityMinimum: 1000, versionPriority: 100 },
    });
    await call({ method: 'DELETE', path: `${definitions}/widgets.widgets.example.com` });
    await expect.poll(listed, soon).toMatchObject({ kind: 'Status', code: 404 });
  });
});
