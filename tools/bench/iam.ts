import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signIn } from '@kit/testing';
import { Agent, request } from 'undici';
import { startPlatformProcess, type PlatformProcess } from '../platform-process.ts';
import { root } from '../root.mjs';
import { load } from './load.ts';
import { mebibytes, rate, type Figure } from './report.ts';

/** What features/iam/bench/authorization.ts prints. */
interface Decisions {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly allowedShare: number;
  readonly bytes: number;
  readonly users: number;
  readonly bindings: number;
  readonly namespaces: number;
  readonly roles: number;
}

const thousands = (n: number): string => n.toLocaleString('en-US');

function decisionFigures(): Figure[] {
  const script = join(root, 'features/iam/bench/authorization.ts');
  const output = execFileSync(process.execPath, ['--expose-gc', '--import', 'tsx', script], { cwd: root });
  const it = JSON.parse(output.toString()) as Decisions; // our own script's
  const among = `${thousands(it.users)} users, ${thousands(it.bindings)} bindings, ${thousands(it.roles)} roles, ${thousands(it.namespaces)} projects`;
  const share = `${(it.allowedShare * 100).toFixed(0)} % allowed`;
  return [
    {
      what: `decide on a request, among ${among}`,
      value: `${thousands(it.perSecond)}/s, p50 ${it.p50Us.toFixed(1)} µs, p99 ${it.p99Us.toFixed(1)} µs (${share})`,
      budget: '20 µs',
    },
    { what: 'memory of that index', value: mebibytes(it.bytes) },
  ];
}

const people = 50;
const password = 'Str0ngPass';

async function makePeople({ url, password: secret }: PlatformProcess): Promise<string> {
  const admin = await signIn(url, 'admin', secret);
  for (let n = 0; n < people; n += 1) {
    const body = { metadata: { name: `user-${n}` }, spec: { email: `user-${n}@example.com`, password } };
    const { status, text } = await admin.call('POST', '/kapis/iam.kubesphere.io/v1alpha2/users', body);
    if (status !== 200) throw new Error(`user-${n} was not made: ${text}`);
  }
  return admin.token;
}

async function expectOk(response: Awaited<ReturnType<typeof request>>): Promise<void> {
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}: ${text}`);
}

async function signInFigures(platform: PlatformProcess): Promise<Figure[]> {
  const token = await makePeople(platform);
  const dispatcher = new Agent({ connections: 16, pipelining: 1 });
  const byPassword = async (turn: number): Promise<void> => {
    const form = { grant_type: 'password', client_id: 'kubesphere', username: `user-${turn % people}`, password };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(form).toString();
    await expectOk(await request(`${platform.url}/oauth/token`, { dispatcher, method: 'POST', headers, body }));
  };
  const asSignedIn = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    await expectOk(
      await request(`${platform.url}/kapis/iam.kubesphere.io/v1alpha2/users/admin`, { dispatcher, headers }),
    );
  };
  const figures: Figure[] = [];
  for (const clients of [1, 16])
    figures.push({
      what: `sign in by password (argon2id, 19 MiB), ${clients} clients`,
      value: rate(await load({ clients, seconds: 6, once: byPassword })),
    });
  figures.push({
    what: 'read one’s account: token, session, rights, 16 clients',
    value: rate(await load({ clients: 16, seconds: 4, once: asSignedIn })),
  });
  await dispatcher.close();
  return figures;
}

/** Decisions in a process of their own, and signing in to the whole platform. */
export async function iamFigures(): Promise<Figure[]> {
  const decided = decisionFigures();
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  const platform = await startPlatformProcess(dataDir);
  try {
    return [...decided, ...(await signInFigures(platform))];
  } finally {
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
