import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import * as k8s from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestCluster, type TestCluster } from '@kit/testing/cluster';

const namespace = 'default';
const patience = { timeout: 40_000 };

/** Everything a stream has given, as text. */
function collect(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

describe('the JavaScript client of Kubernetes', () => {
  let dataDir: string;
  let cluster: TestCluster;
  let config: k8s.KubeConfig;
  let core: k8s.CoreV1Api;

  const start = async (port = 0): Promise<void> => {
    cluster = await startTestCluster({ dataDir: join(dataDir, 'cluster'), port });
  };
  const configMap = (name: string, data: Record<string, string> = {}): Promise<k8s.V1ConfigMap> =>
    core.createNamespacedConfigMap({ namespace, body: { metadata: { name }, data } });

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'client-node-'));
    await start();
    config = new k8s.KubeConfig();
    config.loadFromString(cluster.kubeconfig);
    core = config.makeApiClient(k8s.CoreV1Api);
    await core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name: 'web' },
        spec: { containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8080 }] }] },
      },
    });
    await vi.waitFor(async () => {
      const { status } = await core.readNamespacedPod({ namespace, name: 'web' });
      expect(status?.phase).toBe('Running');
    }, patience);
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('creates, reads, patches in every way, lists in pages and deletes', async () => {
    await configMap('one', { a: '1' });
    const patch = (type: k8s.PatchStrategy, body: object): Promise<k8s.V1ConfigMap> =>
      core.patchNamespacedConfigMap(
        {
          namespace,
          name: 'one',
          body,
          fieldManager: 'client',
          ...(type === k8s.PatchStrategy.ServerSideApply && { force: true }),
        },
        k8s.setHeaderOptions('Content-Type', type),
      );
    await patch(k8s.PatchStrategy.MergePatch, { data: { b: '2' } });
    await patch(k8s.PatchStrategy.StrategicMergePatch, { data: { c: '3' } });
    await patch(k8s.PatchStrategy.JsonPatch, [{ op: 'remove', path: '/data/a' }]);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { d: '4' } };
    const { data } = await patch(k8s.PatchStrategy.ServerSideApply, body);
    expect(data).toEqual({ b: '2', c: '3', d: '4' });
    for (const name of ['two', 'three']) await configMap(name);
    const first = await core.listNamespacedConfigMap({ namespace, limit: 2 });
    const rest = await core.listNamespacedConfigMap({ namespace, limit: 10, _continue: first.metadata?._continue });
    expect([...first.items, ...rest.items].map(({ metadata }) => metadata?.name).sort()).toEqual(
      ['kube-root-ca.crt', 'one', 'three', 'two'], // each of them once
    );
    for (const name of ['one', 'two', 'three']) await core.deleteNamespacedConfigMap({ namespace, name });
  });

  it('gets errors that it understands', async () => {
    await expect(core.readNamespacedConfigMap({ namespace, name: 'none' })).rejects.toMatchObject({ code: 404 });
    await expect(configMap('Not A Name')).rejects.toMatchObject({ code: 422 });
  });

  it('reads objects of any kind without knowing it', async () => {
    const objects = k8s.KubernetesObjectApi.makeApiClient(config);
    const spec = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'any', namespace } };
    await objects.create(spec);
    expect((await objects.read(spec)).metadata?.uid).toBeTruthy();
    await objects.delete(spec);
  });

  it('watches from a version on until it has seen enough', async () => {
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const seen: string[] = [];
    let ended: unknown = 'not yet';
    const watch = new k8s.Watch(config);
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const controller = await watch.watch(
      path,
      { resourceVersion: metadata?.resourceVersion },
      (type, object: k8s.V1ConfigMap) => seen.push(`${type} ${object.metadata?.name}`),
      (error) => (ended = error),
    );
    await configMap('watched');
    await core.deleteNamespacedConfigMap({ namespace, name: 'watched' });
    await expect.poll(() => seen, patience).toEqual(['ADDED watched', 'DELETED watched']);
    controller.abort();
    await expect.poll(() => ended, patience).not.toBe('not yet');
  });

  it('runs commands with input, outputs and exit code', async () => {
    const stdout = collect();
    const stderr = collect();
    const input = Readable.from([Buffer.from('one\ntwo\n')]);
    const status = await new Promise<k8s.V1Status>((resolve, reject) => {
      const command = ['sh', '-c', 'head -n 2; echo err >&2; exit 3'];
      new k8s.Exec(config)
        .exec(namespace, 'web', 'c', command, stdout.stream, stderr.stream, input, false, resolve)
        .catch(reject);
    });
    expect(status.details?.causes).toContainEqual(expect.objectContaining({ reason: 'ExitCode', message: '3' }));
    await expect.poll(stdout.text, patience).toBe('one\ntwo\n');
    await expect.poll(stderr.text, patience).toBe('err\n');
  });

  it('attaches to a container and reads its logs', async () => {
    const output = collect();
    const socket = await new k8s.Attach(config).attach(namespace, 'web', 'c', output.stream, null, null, false);
    await expect.poll(output.text, patience).not.toBe('');
    socket.close();
    const logs = collect();
    await new k8s.Log(config).log(namespace, 'web', 'c', logs.stream, { tailLines: 1 });
    await expect.poll(logs.text, patience).not.toBe('');
  });

  it('forwards a port', async () => {
    const forward = new k8s.PortForward(config);
    const server = createServer((socket) => void forward.portForward(namespace, 'web', [8080], socket, null, socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const answer = collect();
    socket.pipe(answer.stream);
    socket.write('GET / HTTP/1.1\r\nHost: web\r\n\r\n');
    await expect.poll(answer.text, patience).toContain('HTTP/1.1 200');
    socket.destroy();
    server.close();
  });

  /** Its `cpFromPod` asks for compressed bytes and reads them as if they were not, so that it fails everywhere. */
  it('copies a folder into a container', async () => {
    const folder = mkdtempSync(join(dataDir, 'copy-'));
    writeFileSync(join(folder, 'file'), Buffer.alloc(200_000, 'copied '));
    await new k8s.Cp(config).cpToPod(namespace, 'web', 'c', folder, '/tmp');
    const size = async (): Promise<string> => {
      const stdout = collect();
      await new Promise<unknown>((resolve, reject) => {
        const exec = new k8s.Exec(config);
        exec
          .exec(namespace, 'web', 'c', ['wc', '-c', '/tmp/file'], stdout.stream, null, null, false, resolve)
          .catch(reject);
      });
      return stdout.text();
    };
    await expect.poll(size, patience).toContain('200000');
  });

  it('has tokens issued and reviewed, and rights answered', async () => {
    const { status } = await core.createNamespacedServiceAccountToken({
      namespace,
      name: 'default',
      body: { spec: { audiences: [], expirationSeconds: 600 } },
    });
    const authentication = config.makeApiClient(k8s.AuthenticationV1Api);
    const review = (token: string): Promise<k8s.V1TokenReview> =>
      authentication.createTokenReview({ body: { spec: { token } } });
    expect((await review(status?.token ?? '')).status).toMatchObject({
      authenticated: true,
      user: { username: `system:serviceaccount:${namespace}:default` },
    });
    expect((await review('nonsense')).status?.authenticated).toBeFalsy();
    const authorization = config.makeApiClient(k8s.AuthorizationV1Api);
    const resourceAttributes = { verb: 'get', resource: 'pods', namespace };
    const may = await authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
    expect(may.status?.allowed).toBe(true);
  });

  it('writes a lease only in turn: the second of two candidates gets a conflict', async () => {
    const leases = config.makeApiClient(k8s.CoordinationV1Api);
    const lease = { metadata: { name: 'turn' }, spec: { holderIdentity: 'first', renewTime: new k8s.V1MicroTime() } };
    const free = await leases.createNamespacedLease({ namespace, body: lease });
    const take = (holderIdentity: string): Promise<k8s.V1Lease> =>
      leases.replaceNamespacedLease({
        namespace,
        name: 'turn',
        body: { ...free, spec: { ...free.spec, holderIdentity } },
      });
    const taken = await Promise.allSettled([take('second'), take('third')]);
    expect(taken.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(taken.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 409 } });
  });

  it('goes on with an informer after the server was started again', async () => {
    const seen = new Set<string>();
    const list = (): Promise<k8s.V1ConfigMapList> => core.listNamespacedConfigMap({ namespace });
    const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list);
    const add = ({ metadata }: k8s.V1ConfigMap): unknown => seen.add(metadata?.name ?? '');
    informer.on('add', add);
    informer.on('error', () => void restart()); // as its documentation says: the caller starts it again
    const restart = (): Promise<void> => informer.start().catch(() => void setTimeout(() => void restart(), 100));
    await informer.start();
    await configMap('before');
    await expect.poll(() => [...seen], patience).toContain('before');
    const port = Number(new URL(cluster.url).port);
    await cluster.stop();
    await start(port);
    await configMap('after');
    await expect.poll(() => [...seen], patience).toContain('after');
    await informer.stop();
  });
});
