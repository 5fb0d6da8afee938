import { connect } from 'node:net';

import type { TestPlatform } from '@kit/testing';
import { texts, type Target } from '../../../cluster/fuzz/target.ts';
import { credentialOf } from '../../../features/iam/server/credentials.ts';
import { requestInfo } from '../../../features/iam/rules/request-info.ts';
import { kubeTarget } from '../../../features/resources/rules/kube-target.ts';
import { readManifests } from '../../../features/resources/rules/read-manifests.ts';
import { checkPath } from '../../../kit/http/src/safe-path.ts';

const longestMs = 10_000;

/** What the platform answers to bytes as they are; an answer that it should not give is an error. */
function send(platform: TestPlatform, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(platform.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setTimeout(longestMs, () => {
      socket.destroy();
      reject(new Error('no answer and no end'));
    });
    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.on('error', () => resolve(text)); // cut off in the middle of writing: refused
    socket.on('close', () => resolve(text));
    socket.end(bytes);
  });
}

/** Refused in words, or by the end of the connection; never a failure of the server, and never let in. */
async function refuses(platform: TestPlatform, bytes: Buffer): Promise<void> {
  const text = await send(platform, bytes);
  const codes = [...text.matchAll(/(?:^|\r\n\r\n.*)HTTP\/1\.1 (\d{3}) /gs)].map(([, code]) => Number(code));
  const wrong = codes.find((code) => code >= 500 && code !== 503);
  if (wrong !== undefined) throw new Error(`answered ${wrong}: ${text.slice(0, 300)}`);
  if (/"(kind":"SecretList|access_token|digest)"|\$argon2/.test(text)) throw new Error(`let in: ${text.slice(0, 300)}`);
}

const request = (line: string, headers: readonly string[], body = ''): string =>
  [
    `${line} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...headers,
    ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    '',
    body,
  ].join('\r\n');
const post = (path: string, type: string, body: string): string =>
  request(`POST ${path}`, [`Content-Type: ${type}`], body);
const form = 'application/x-www-form-urlencoded';
const user = { username: 'nobody-there', password: 'x' };

/** What meets bytes before anybody is known to have sent them, as it stands on the wire. */
function wireTargets(platform: TestPlatform, token: string): Target[] {
  const target = (name: string, first: string, ...more: string[]): Target => ({
    name: `wire: ${name}`,
    seeds: texts(first, ...more),
    read: (bytes) => refuses(platform, bytes),
  });
  const list = 'GET /api/v1/namespaces/kube-system/secrets';
  return [
    target(
      'request line',
      request('GET /api/v1/namespaces?limit=1', []),
      request('GET /clusters/host/apis/apps/v1/watch/deployments?watch=true&labelSelector=a%3Db', []),
      request('GET /assets/index-AAAAAAAA.js', []),
    ),
    target(
      'bearer token',
      request(list, [`Authorization: Bearer ${token}`]),
      request(list, ['Authorization: Bearer fht_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA']),
      request(list, ['Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.AAAA']),
    ),
    target('basic credential', request(list, ['Authorization: Basic bm9ib2R5OnRoZXJl'])),
    target('cookie', request(list, ['Cookie: freehold-session=AAAA; a=b', 'Origin: http://localhost'])),
    target(
      'form',
      post('/oauth/token', form, 'grant_type=refresh_token&client_id=kubesphere&refresh_token=eyJ'),
      post('/oauth/logout', form, 'id_token_hint=eyJ&state=x'),
    ),
    target(
      'JSON',
      post('/session', 'application/json', JSON.stringify(user)),
      post('/oauth/authenticate', 'application/json', '{"kind":"TokenReview","spec":{"token":"x"}}'),
    ),
    target('YAML', post('/session', 'application/yaml', 'a: &a [1, *b]\nusername: nobody-there\npassword: "x"\n')),
    target(
      'query',
      request(
        'GET /oauth/authorize?response_type=code&client_id=x&redirect_uri=http%3A%2F%2Flocalhost&state=%7B%7D&scope=openid',
        [],
      ),
      request('GET /oauth/callback/x?code=1&state=2', []),
    ),
    target(
      'upgrade',
      request('GET /api/v1/pods?watch=true', [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ]),
    ),
  ];
}

const text = (bytes: Buffer): string => bytes.toString('latin1');

/** A path that is let through has one meaning, and every reader of it gets by. */
function readPath(bytes: Buffer): void {
  const url = `/${text(bytes)}`;
  checkPath(url);
  const info = requestInfo('GET', url);
  if (info.isResource && info.isKubernetes) kubeTarget(url);
}

function readCredential(bytes: Buffer): void {
  const [authorization, cookie, origin] = text(bytes).split('\n');
  const headers = { ...(authorization ? { authorization } : {}), cookie, origin, host: 'localhost' };
  credentialOf({ headers, rawHeaders: [], method: 'POST' } as unknown as Parameters<typeof credentialOf>[0]); // what is read of a request
}

const directTargets: readonly Target[] = [
  {
    name: 'path of a request',
    seeds: texts(
      'api/v1/namespaces/shop/pods/web/log?tailLines=1',
      'apis/clusters/host/apps/v1/watch/namespaces/shop/deployments/web?labelSelector=kubesphere.io%2Fworkspace%3Ddev',
    ),
    read: readPath,
  },
  {
    name: 'credential',
    seeds: texts('Basic YTpi\nfreehold-session=x; b=c\nhttp://localhost', 'Bearer x\n\n'),
    read: readCredential,
  },
  {
    name: 'manifests',
    seeds: texts(
      'apiVersion: v1\nkind: List\nitems:\n- &a {kind: Secret, metadata: {name: x}}\n- *a\n---\n{}\n',
      '[{"kind":"A"}]',
    ),
    read: (bytes) => readManifests(bytes.toString()),
  },
];

/** Everything of the platform that reads what strangers send. */
export function targets(platform: TestPlatform, token: string): readonly Target[] {
  return [...wireTargets(platform, token), ...directTargets];
}
