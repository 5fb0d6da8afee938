import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { kinds } from '@kit/kube';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerFrame } from '../contract/index.ts';
import { fileListPath, filePath, nodeShellPath, podShellPath } from '../contract/index.ts';

const at = { namespace: 'default', pod: 'web' };
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: at.pod, namespace: at.namespace },
  spec: {
    containers: [
      { name: 'main', image: 'busybox' },
      { name: 'second', image: 'busybox', env: [{ name: 'WHO', value: 'second' }] },
    ],
  },
};

let platform: TestPlatform;
let admin: Session;
beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 1, recheckMs: 600_000 });
  admin = await platform.signIn();
  await platform.kube.create(kinds.pods, pod);
  const phase = async () => (await platform.kube.get(kinds.pods, { namespace: at.namespace, name: at.pod }))['status'];
  await vi.waitFor(async () => expect(await phase()).toMatchObject({ phase: 'Running' }), { timeout: 30_000 });
}, 120_000);
afterAll(() => platform?.stop());

/** A terminal as a browser has it, and what it has shown. */
class Terminal {
  readonly socket: WebSocket;
  output = '';
  toasts: string[] = [];
  readonly closed: Promise<number>;

  constructor(path: string, token: string) {
    this.socket = new WebSocket(platform.url.replace('http', 'ws') + path, {
      headers: { authorization: `Bearer ${token}` },
    });
    this.closed = once(this.socket, 'close').then(([code]) => code as number);
    this.closed.catch(() => undefined);
    this.socket.on('message', (data: Buffer) => {
      const { Op, Data } = JSON.parse(data.toString()) as ServerFrame;
      if (Op === 'stdout') this.output += Data;
      else this.toasts.push(Data);
    });
  }

  async open(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  type(Data: string): void {
    this.socket.send(JSON.stringify({ Op: 'stdin', Data }));
  }

  async shows(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.output, { timeout: 15_000 }).toMatch(text);
  }
}

const open = (path: string, { token } = admin): Promise<Terminal> => new Terminal(path, token).open();

/** The status with which an upgrade is refused. */
async function refusal(path: string, token: string): Promise<number> {
  const socket = new WebSocket(platform.url.replace('http', 'ws') + path, {
    headers: { authorization: `Bearer ${token}` },
  });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

async function member(name: string, role?: string): Promise<Session> {
  const password = 'Members-own-2026';
  const user = {
    apiVersion: 'iam.kubesphere.io/v1alpha2',
    kind: 'User',
    metadata: { name, annotations: { 'iam.kubesphere.io/uninitialized': 'false' } },
    spec: { email: `${name}@example.com`, password },
  };
  expect((await admin.call('POST', '/kapis/iam.kubesphere.io/v1alpha2/users', user)).status).toBeLessThan(300);
  if (role) {
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: `${name}-in` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
    };
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings';
    expect((await admin.call('POST', path, binding)).status).toBe(201);
  }
  return vi.waitFor(() => platform.signIn(name, password), { timeout: 20_000, interval: 200 });
}

describe('a shell in a container', () => {
  it('runs what is typed, whatever letters it has', async () => {
    const terminal = await open(podShellPath(at));
    terminal.type('echo "grüß $((6*7)) 안녕"\n');
    await terminal.shows('grüß 42 안녕');
    terminal.type('exit 3\n');
    expect(await terminal.closed).toBe(1000);
    expect(terminal.toasts.at(-1)).toContain('3');
  });

  it('is of the container that is named', async () => {
    const terminal = await open(`${podShellPath(at)}?container=second&shell=sh`);
    terminal.type('echo I am $WHO\n');
    await terminal.shows('I am second');
    terminal.socket.close();
  });

  it('says what is wrong with a frame, and closes', async () => {
    const terminal = await open(podShellPath(at));
    terminal.socket.send('ls');
    expect(await terminal.closed).toBe(1003);
    expect(terminal.toasts.at(-1)).toContain('JSON');
  });

  it.each([
    { path: podShellPath({ ...at, pod: 'none' }), code: 404, why: 'no such pod' },
    { path: `${podShellPath(at)}/more`, code: 404, why: 'a longer path' },
    { path: nodeShellPath('none'), code: 404, why: 'no such node' },
  ])('is refused with $code: $why', async ({ path, code }) => expect(await refusal(path, admin.token)).toBe(code));

  it('says in the terminal that there is no such container', async () => {
    const terminal = await open(`${podShellPath(at)}?container=none`);
    expect(await terminal.closed).toBe(1011);
    expect(terminal.toasts.at(-1)).toContain('none');
  });
});

describe('the right to a shell', () => {
  it('is that to create pods/exec: who may only read has none, and cannot see files', async () => {
    const reader = await member('reader', 'view');
    expect((await reader.call('GET', '/api/v1/namespaces/default/pods/web')).status).toBe(200);
    expect(await refusal(podShellPath(at), reader.token)).toBe(403);
    expect(await refusal(nodeShellPath('node-1'), reader.token)).toBe(403);
    expect((await reader.call('GET', `${fileListPath(at)}?path=/etc`)).status).toBe(403);
    expect((await reader.call('GET', `${filePath(at)}?path=/etc/hosts`)).status).toBe(403);
    expect((await reader.call('PUT', `${filePath(at)}?path=/tmp/x`, 'x')).status).toBe(403);
  });

  it('ends an open session when it is taken away', async () => {
    const editor = await member('editor', 'admin');
    expect(await refusal(nodeShellPath('node-1'), editor.token)).toBe(403);
    const terminal = await open(podShellPath(at), editor);
    terminal.type('echo in\n');
    await terminal.shows(/in\r?\n/);
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings/editor-in';
    expect((await admin.call('DELETE', path)).status).toBe(200);
    expect([1006, 1008]).toContain(await terminal.closed);
  });
});

describe('a shell on a node', () => {
  it('has a pod of its own, without a token, that goes with the session', async () => {
    const terminal = await open(nodeShellPath('node-1'));
    terminal.type('hostname\n');
    await expect.poll(() => terminal.toasts.join(), { timeout: 20_000 }).toContain('simulated');
    await terminal.shows(/\S/);
    const pods = async () => (await platform.kube.list(kinds.pods, { namespace: 'kubesphere-controls-system' })).items;
    const [own] = await pods();
    expect(own).toMatchObject({ spec: { automountServiceAccountToken: false, nodeName: 'node-1' } });
    expect(JSON.stringify(own)).not.toContain('serviceaccount/token');
    terminal.socket.close();
    await expect.poll(pods, { timeout: 20_000 }).toEqual([]);
  });
});

describe('files of a container', () => {
  const put = (path: string, body: Buffer | string) =>
    fetch(`${platform.url}${filePath(at)}?path=${encodeURIComponent(path)}`, {
      method: 'PUT',
      body,
      headers: { authorization: `Bearer ${admin.token}` },
    });
  const get = (path: string) =>
    fetch(`${platform.url}${filePath(at)}?path=${encodeURIComponent(path)}`, {
      headers: { authorization: `Bearer ${admin.token}` },
    });

  it('go there and back, byte for byte, whatever they are called', async () => {
    const bytes = randomBytes(3_000_000);
    const name = `/tmp/a b'"$(x);`;
    expect((await put(name, bytes)).status).toBe(200);
    const answer = await get(name);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const { body } = await admin.call<{ items: object[] }>('GET', `${fileListPath(at)}?path=/tmp`);
    expect(body.items).toEqual([expect.objectContaining({ name: name.slice(5), type: 'file', size: bytes.length })]);
  });

  it('that are empty are files too', async () => {
    expect((await put('/tmp/empty', '')).status).toBe(200);
    const answer = await get('/tmp/empty');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('in a folder come as an archive', async () => {
    await put('/tmp/folder-of-one', 'x');
    const answer = await get('/tmp');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-tar']);
    expect(await answer.text()).toContain('tmp/folder-of-one');
  });

  it.each([
    { path: '/no/such/file', code: 404, why: 'it is not there' },
    { path: 'etc/hosts', code: 400, why: 'where from?' },
  ])('are refused with $code: $why', async ({ path, code }) => {
    const answer = await get(path);
    expect([answer.status, await answer.json()]).toEqual([code, expect.objectContaining({ kind: 'Status', code })]);
  });

  it('cannot be written where there is no folder', async () => {
    const answer = await put('/no/such/folder/x', randomBytes(200_000));
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
      404,
      expect.stringMatching(/no such/i),
    ]);
  });
});
