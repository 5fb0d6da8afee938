import { once } from 'node:events';
import type { KubeObject } from '@kit/kube';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;
interface Status {
  kind: string;
  reason: string;
}
interface Frame {
  type: string;
  object: KubeObject & { reason?: string; code?: number };
}

const password = 'Passw0rd-of-a-test';
const patience = { timeout: 15_000, interval: 50 };
const core = '/api/v1/namespaces/shop';
const members = '/kapis/iam.kubesphere.io/v1alpha2/namespaces/shop/members';

let platform: TestPlatform;
let admin: Session;
let viewer: Session;
let stranger: Session;
let pod: string;

async function person(name: string): Promise<Session> {
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', '/kapis/iam.kubesphere.io/v1alpha2/users', body)).status).toBe(200);
  return vi.waitFor(() => platform.signIn(name, password), patience);
}

const configMap = (name: string, data: Record<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

const member = async (): Promise<void> => {
  await vi.waitFor(async () => {
    const answer = await admin.call('POST', members, [{ username: 'viewer', roleRef: 'viewer' }]);
    expect(answer.status).toBeOneOf([200, 409]);
  }, patience);
  await vi.waitFor(async () => expect((await viewer.call('GET', core)).status).toBe(200), patience);
};

/** A socket as a browser opens one, with everything it receives. */
function socket(as: Session, path: string, protocols: string[] = []): { frames: Frame[]; ws: WebSocket } {
  const headers = { authorization: `Bearer ${as.token}` };
  const ws = new WebSocket(platform.url.replace('http', 'ws') + path, protocols, { headers });
  const frames: Frame[] = [];
  ws.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame));
  ws.on('error', () => undefined);
  return { frames, ws };
}

/** The status with which an upgrade was refused. */
async function refusal(as: Session, path: string): Promise<number> {
  const { ws } = socket(as, path);
  const [, response] = (await once(ws, 'unexpected-response')) as [unknown, { statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 1 });
  admin = await platform.signIn();
  [viewer, stranger] = [await person('viewer'), await person('stranger')];
  const tenant = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces';
  for (const [path, name] of [
    [tenant, 'acme'],
    [`${tenant}/acme/namespaces`, 'shop'],
  ] as const) {
    await vi.waitFor(async () => {
      expect((await admin.call('POST', path, { metadata: { name } })).status).toBeOneOf([200, 409]);
    }, patience);
  }
  await member();
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'example.com/web:1' }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
  expect((await admin.call('POST', '/apis/apps/v1/namespaces/shop/deployments', deployment)).status).toBe(201);
  pod = await vi.waitFor(async () => {
    const { body } = await admin.call<{ items: KubeObject[] }>('GET', `${core}/pods`);
    expect(body.items[0]?.status).toMatchObject({ phase: 'Running' });
    return body.items[0]?.metadata.name ?? '';
  }, patience);
}, 60_000);
afterAll(() => platform.stop());

describe('requests', () => {
  const answers: readonly { as: () => Session; path: string; status: number; why: string }[] = [
    { as: () => viewer, path: `${core}/pods`, status: 200, why: 'a member reads' },
    { as: () => viewer, path: `/clusters/host${core}/pods`, status: 200, why: 'the cluster in front' },
    { as: () => viewer, path: '/api/clusters/host/v1/namespaces/shop/pods', status: 200, why: 'the cluster behind' },
    { as: () => viewer, path: '/api/clusters/east/v1/namespaces/shop/pods', status: 404, why: 'no such cluster' },
    { as: () => viewer, path: `${core}/pods/none`, status: 404, why: 'the answer of the cluster' },
    { as: () => viewer, path: '/api/v1/namespaces/kube-system/secrets', status: 403, why: "nobody's namespace" },
    { as: () => viewer, path: '/api/v1/pods', status: 403, why: 'all namespaces' },
    { as: () => viewer, path: `${core}/services/web/proxy/`, status: 403, why: 'a way in needs more than reading' },
    { as: () => stranger, path: `${core}/pods`, status: 403, why: 'no member' },
    { as: () => admin, path: `${core}/pods?limit=1&limit=2`, status: 400, why: 'two readers, two meanings' },
  ];
  it.each(answers)('$path is $status: $why', async ({ as, path, status }) => {
    expect((await as().call('GET', path)).status).toBe(status);
  });

  it('write through, dry runs and server-side apply as they are', async () => {
    const dry = await admin.call('POST', `${core}/configmaps?dryRun=All`, configMap('dry', {}));
    expect(dry.status).toBe(201);
    expect((await admin.call('GET', `${core}/configmaps/dry`)).status).toBe(404);
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const path = `${core}/configmaps/applied?fieldManager=test`;
    expect((await admin.call('PATCH', path, configMap('applied', { a: '1' }), headers)).status).toBe(201);
    expect((await viewer.call('PATCH', path, configMap('applied', { a: '2' }), headers)).status).toBe(403);
  });

  it('carry none of what a caller claims about themselves', async () => {
    const forged = { 'impersonate-user': 'system:admin', 'x-remote-user': 'admin', 'x-forwarded-for': '127.0.0.1' };
    expect((await viewer.call('DELETE', `${core}/pods/${pod}`, undefined, forged)).status).toBe(403);
    // If the cluster had seen the header, it would have looked at the rights of a user who has none.
    expect((await admin.call('GET', `${core}/pods`, undefined, { 'impersonate-user': 'nobody' })).status).toBe(200);
  });

  it('bring back a sandboxed answer', async () => {
    const { headers } = await viewer.call('GET', `${core}/pods/${pod}/log?tailLines=1`);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('stream a watch, and end it with the caller', async () => {
    const caller = new AbortController();
    const response = await fetch(
      new URL(`${core}/configmaps?watch=true&fieldSelector=metadata.name=streamed`, platform.url),
      {
        headers: { authorization: `Bearer ${viewer.token}` },
        signal: caller.signal,
      },
    );
    expect(response.status).toBe(200); // the headers come before the first event
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await admin.call('POST', `${core}/configmaps`, configMap('streamed', { a: '1' }));
    const chunk = await reader?.read();
    expect(JSON.parse(chunk?.value ?? '')).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'streamed' } } });
    caller.abort();
  });
});

describe('watches over WebSocket', () => {
  const paths: readonly { path: string; why: string }[] = [
    { path: `${core}/configmaps?watch=true&resourceVersion=0`, why: 'by parameter' },
    { path: '/api/v1/watch/namespaces/shop/configmaps', why: "the path of KubeSphere's console" },
  ];
  it.each(paths)('bring one frame an event: $why', async ({ path }) => {
    const { frames, ws } = socket(viewer, path);
    await once(ws, 'open');
    const name = `live-${path.length}`;
    await admin.call('POST', `${core}/configmaps`, configMap(name, {}));
    await vi.waitFor(
      () => expect(frames.find(({ object }) => object.metadata.name === name)?.type).toBe('ADDED'),
      patience,
    );
    await admin.call('DELETE', `${core}/configmaps/${name}`);
    await vi.waitFor(
      () => expect(frames.at(-1)).toMatchObject({ type: 'DELETED', object: { metadata: { name } } }),
      patience,
    );
    ws.close();
  });

  it('are refused to strangers', async () => {
    expect(await refusal(stranger, `${core}/configmaps?watch=true`)).toBe(403);
  });

  it('tell an expired version as an ERROR with its Status, and close', async () => {
    const { frames, ws } = socket(viewer, `${core}/configmaps?watch=true&resourceVersion=none`);
    const [code] = (await once(ws, 'close')) as [number];
    expect(frames.at(-1)?.type).toBe('ERROR');
    expect(frames.at(-1)?.object.code).toBeGreaterThanOrEqual(400);
    expect(code).toBe(1011);
  });

  it('end soon after the right to them does', async () => {
    const { ws } = socket(viewer, `${core}/configmaps?watch=true`);
    await once(ws, 'open');
    const closed = once(ws, 'close');
    expect((await admin.call('DELETE', `${members}/viewer`)).status).toBe(200);
    const [code] = (await closed) as [number];
    expect(code).toBe(1008);
    await member();
  });
});

describe('ways into pods', () => {
  it('are not for readers, though their request is a GET', async () => {
    expect(await refusal(viewer, `${core}/pods/${pod}/exec?command=sh&stdout=true`)).toBe(403);
  });

  it('bring back the refusal of the cluster as it is', async () => {
    expect(await refusal(admin, `${core}/pods/none/exec?command=sh&stdout=true`)).toBe(404);
  });
});

describe('reviews', () => {
  const base = '/apis/authorization.k8s.io/v1';
  interface Review {
    status: { allowed: boolean; reason: string; resourceRules: { verbs: string[]; resources: string[] }[] };
  }
  const asked: readonly { as: () => Session; verb: string; namespace: string; allowed: boolean }[] = [
    { as: () => viewer, verb: 'list', namespace: 'shop', allowed: true },
    { as: () => viewer, verb: 'delete', namespace: 'shop', allowed: false },
    { as: () => viewer, verb: 'list', namespace: 'kube-system', allowed: false },
    { as: () => stranger, verb: 'list', namespace: 'shop', allowed: false },
    { as: () => admin, verb: 'delete', namespace: 'kube-system', allowed: true },
  ];
  it.each(asked)('answer for the caller: $verb in $namespace', async ({ as, verb, namespace, allowed }) => {
    const body = { spec: { resourceAttributes: { verb, namespace, resource: 'pods' } } };
    const answer = await as().call<Review>('POST', `${base}/selfsubjectaccessreviews`, body);
    expect(answer.status).toBe(201);
    expect(answer.body.status.allowed).toBe(allowed);
  });

  it('list the caller’s rights in a namespace', async () => {
    const body = { spec: { namespace: 'shop' } };
    const { status } = (await viewer.call<Review>('POST', `${base}/selfsubjectrulesreviews`, body)).body;
    const pods = status.resourceRules.find(({ resources }) => resources.includes('pods'));
    expect(pods?.verbs).toEqual(['get', 'list', 'watch']);
  });

  it('say who the caller is, and tell nobody about others', async () => {
    const me = await viewer.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect(me.body).toMatchObject({ status: { userInfo: { username: 'viewer' } } });
    const body = { spec: { user: 'admin', resourceAttributes: { verb: 'list', resource: 'pods' } } };
    expect((await viewer.call<Status>('POST', `${base}/subjectaccessreviews`, body)).status).toBe(403);
    expect((await admin.call<Review>('POST', `${base}/subjectaccessreviews`, body)).body.status.allowed).toBe(true);
  });

  it('are not answered by the cluster for the platform’s own credential', async () => {
    const body = { spec: { resourceAttributes: { verb: 'delete', namespace: 'kube-system', resource: 'pods' } } };
    const path = '/apis/clusters/host/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const answer = await viewer.call<Partial<Review>>('POST', path, body);
    expect(answer.body.status?.allowed ?? false).toBe(false);
  });
});
