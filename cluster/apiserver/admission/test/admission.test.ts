import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, startTestServer } from '../../testing/test-server.ts';
import type { Answer, TestServer } from '../../testing/test-server.ts';

let test: TestServer;
const inDefault = '/api/v1/namespaces/default';

beforeAll(async () => {
  test = await startTestServer();
  await test.call('POST', `${inDefault}/serviceaccounts`, {
    body: object('v1/ServiceAccount', { name: 'default' }, { imagePullSecrets: [{ name: 'registry' }] }),
  });
});
afterAll(() => test.server.stop());

const create = (path: string, body: object): Promise<Answer> => test.call('POST', path, { body });
const tryPod = (spec: object = {}, namespace = 'default'): Promise<Answer> =>
  create(
    `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
    object('v1/Pod', { name: 'p' }, { spec: { containers: [{ name: 'c', image: 'i' }], ...spec } }),
  );

async function newNamespace(name: string, labels: Record<string, string> = {}): Promise<string> {
  await create('/api/v1/namespaces', object('v1/Namespace', { name, labels }));
  await create(`/api/v1/namespaces/${name}/serviceaccounts`, object('v1/ServiceAccount', { name: 'default' }));
  return name;
}

describe('a new pod', () => {
  it('gets a token of its account, and the account’s secrets for pulling', async () => {
    const { body } = await tryPod();
    const { spec } = body as { spec: Record<string, unknown> & { volumes: { name: string; projected: unknown }[] } };
    const [volume] = spec.volumes;
    expect(volume?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(volume?.projected).toEqual({
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    });
    const mount = { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      imagePullSecrets: [{ name: 'registry' }],
      containers: [{ volumeMounts: [mount] }],
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
    });
  });

  it('gets no token where it wants none', async () => {
    const { body } = await tryPod({ automountServiceAccountToken: false });
    expect((body as { spec: object }).spec).not.toHaveProperty('volumes');
  });

  it.each([
    [
      'an account that is not there',
      { serviceAccountName: 'none' },
      'pods "p" is forbidden: error looking up service account default/none: serviceaccount "none" not found',
    ],
    [
      'a class that is not there',
      { priorityClassName: 'none' },
      'pods "p" is forbidden: no PriorityClass with name none was found',
    ],
    [
      'a priority of its own',
      { priority: 5 },
      'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    [
      'a runtime that is not there',
      { runtimeClassName: 'none' },
      'pods "p" is forbidden: pod rejected: RuntimeClass "none" not found',
    ],
  ])('is refused with %s', async (_why, spec, message) => {
    const { status, body } = await tryPod(spec);
    expect([status, (body as { message: string }).message]).toEqual([403, message]);
  });

  it('carries what its runtime class says', async () => {
    const runtime = {
      handler: 'h',
      overhead: { podFixed: { cpu: '100m' } },
      scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ key: 't', operator: 'Exists' }] },
    };
    await create('/apis/node.k8s.io/v1/runtimeclasses', object('node.k8s.io/v1/RuntimeClass', { name: 'rc' }, runtime));
    const { body } = await tryPod({ runtimeClassName: 'rc' });
    expect((body as { spec: object }).spec).toMatchObject({ overhead: { cpu: '100m' }, nodeSelector: { a: 'b' } });
    const clash = await tryPod({ runtimeClassName: 'rc', nodeSelector: { a: 'c' } });
    expect((clash.body as { message: string }).message).toContain(
      'conflict: runtimeClass.scheduling.nodeSelector[a] = b',
    );
  });
});

describe('limit ranges', () => {
  it('fill in what is usual, say so, and refuse what is too much', async () => {
    const namespace = await newNamespace('limited');
    const limits = [
      { type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '250m' }, max: { cpu: '1' } },
      { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } },
    ];
    await create(
      `/api/v1/namespaces/${namespace}/limitranges`,
      object('v1/LimitRange', { name: 'l' }, { spec: { limits } }),
    );
    const { body } = await tryPod({}, namespace);
    expect(body).toMatchObject({
      metadata: {
        annotations: {
          'kubernetes.io/limit-ranger':
            'LimitRanger plugin set: cpu request for container c; cpu limit for container c',
        },
      },
      spec: { containers: [{ resources: { limits: { cpu: '500m' }, requests: { cpu: '250m' } } }] },
    });
    const much = await tryPod(
      { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: '2' } } }] },
      namespace,
    );
    expect((much.body as { message: string }).message).toBe(
      'pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
    );
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } };
    const claim = await create(
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
      object('v1/PersistentVolumeClaim', { name: 'v' }, { spec }),
    );
    expect((claim.body as { message: string }).message).toBe(
      'persistentvolumeclaims "v" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
    );
  });
});

describe('pod security', () => {
  it('refuses pods, warns of workloads, and tells what runs already', async () => {
    const label = 'pod-security.kubernetes.io/enforce';
    const namespace = await newNamespace('secure', { [label]: 'restricted' });
    const refused = await tryPod({}, namespace);
    expect((refused.body as { message: string }).message).toMatch(
      /^pods "p" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false /,
    );
    const labels = { app: 'a' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const deployment = object(
      'apps/v1/Deployment',
      { name: 'd' },
      { spec: { selector: { matchLabels: labels }, template } },
    );
    const warned = await create(`/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`, deployment);
    expect(warned.status).toBe(201);
    expect(String(warned.headers['warning'])).toContain('would violate PodSecurity');
    const wrong = await create(
      '/api/v1/namespaces',
      object('v1/Namespace', { name: 'wrong', labels: { [label]: 'high' } }),
    );
    expect(wrong.status).toBe(422);
    const open = await newNamespace('open');
    await create(`/api/v1/namespaces/${open}/pods`, object('v1/Pod', { name: 'old' }, { spec: template.spec }));
    const tightened = await test.call('PATCH', `/api/v1/namespaces/${open}`, {
      body: { metadata: { labels: { [label]: 'restricted' } } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(String(tightened.headers['warning'])).toContain('old: allowPrivilegeEscalation != false');
  });
});

describe('storage', () => {
  it('gets the default class, and stays while it is used', async () => {
    const marks = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    await create(
      '/apis/storage.k8s.io/v1/storageclasses',
      object('storage.k8s.io/v1/StorageClass', { name: 'usual', annotations: marks }, { provisioner: 'p' }),
    );
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const { body } = await create(
      `${inDefault}/persistentvolumeclaims`,
      object('v1/PersistentVolumeClaim', { name: 'v' }, { spec }),
    );
    expect(body).toMatchObject({
      metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
      spec: { storageClassName: 'usual' },
    });
  });
});

describe('a node’s agent', () => {
  const as = (node: string): Record<string, string> => ({
    'impersonate-user': `system:node:${node}`,
    'impersonate-group': 'system:nodes',
  });
  const read = (path: string, node: string): Promise<Answer> => test.call('GET', path, { headers: as(node) });

  it('sees what the pods on its node need, and nothing else', async () => {
    for (const name of ['used', 'unused'])
      await create(`${inDefault}/secrets`, object('v1/Secret', { name }, { stringData: { a: 'b' } }));
    const volumes = [{ name: 'v', secret: { secretName: 'used' } }];
    await create(
      `${inDefault}/pods`,
      object(
        'v1/Pod',
        { name: 'bound' },
        { spec: { nodeName: 'one', containers: [{ name: 'c', image: 'i' }], volumes } },
      ),
    );
    expect((await read(`${inDefault}/secrets/used`, 'one')).status).toBe(200);
    const refused = await read(`${inDefault}/secrets/unused`, 'one');
    expect((refused.body as { message: string }).message).toBe(
      `secrets "unused" is forbidden: User "system:node:one" cannot get resource "secrets" in API group "" in the namespace "default": no relationship found between node 'one' and this object`,
    );
    expect((await read(`${inDefault}/secrets/used`, 'two')).status).toBe(403);
    expect((await read('/api/v1/pods', 'one')).status).toBe(403);
    expect((await read('/api/v1/pods?fieldSelector=spec.nodeName%3Done', 'one')).status).toBe(200);
  });

  it('changes only the pods on its node', async () => {
    const patch = (node: string): Promise<Answer> =>
      test.call('PATCH', `${inDefault}/pods/bound/status`, {
        body: { status: { reason: 'x' } },
        headers: { ...as(node), 'content-type': 'application/merge-patch+json' },
      });
    expect((await patch('one')).status).toBe(200);
    expect(((await patch('two')).body as { message: string }).message).toBe(
      'pods "bound" is forbidden: node "two" can only update pod status for pods with spec.nodeName set to itself',
    );
  });
});
