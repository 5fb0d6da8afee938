import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type Browser } from '../browser.ts';
import { make, makePlaces, openSession, settleAdmin } from '../steps.ts';
import { startTarget } from '../target.ts';

const script =
  '<img src=x onerror="window.wasRun=1"><script>window.wasRun=1</script>{{constructor.constructor("window.wasRun=1")()}}';
const link = 'javascript:window.wasRun=1';
const own = 'My-own-2026';
const described = { 'kubesphere.io/description': script, 'kubesphere.io/alias-name': script };

let platform: TestPlatform;
let browser: Browser;
beforeAll(async () => {
  platform = await startTarget({ nodes: 0 });
  const admin = await settleAdmin(platform, own);
  await makePlaces(admin, { workspace: 'acme', project: 'acme-shop' });
  await make(admin, '/kapis/iam.kubesphere.io/v1alpha2/users', {
    metadata: { name: 'mallory', annotations: described },
    spec: { email: 'mallory@example.com', displayName: script, description: script, password: 'Str0ngPass-1' },
  });
  const note = { metadata: { annotations: described } };
  const patch = { 'content-type': 'application/merge-patch+json' };
  for (const path of [
    '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/acme',
    '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/acme/namespaces/acme-shop',
  ])
    expect((await admin.call('PATCH', path, note)).status).toBe(200);
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'notes', annotations: described },
    data: { script, link },
  };
  await make(admin, '/api/v1/namespaces/acme-shop/configmaps', map);
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'away', annotations: described },
    spec: { type: 'ExternalName', externalName: 'example.com' },
  };
  await make(admin, '/api/v1/namespaces/acme-shop/services', service);
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'loud', namespace: 'acme-shop' },
    involvedObject: { kind: 'ConfigMap', namespace: 'acme-shop', name: 'notes' },
    reason: script,
    message: script,
    type: 'Warning',
  };
  await make(admin, '/api/v1/namespaces/acme-shop/events', event);
  expect((await admin.call('PATCH', '/api/v1/namespaces/acme-shop/configmaps/notes', note, patch)).status).toBe(200);
  browser = await openBrowser();
  await openSession(browser, platform, { username: 'admin', password: own });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

const project = '/workspaces/acme/clusters/host/projects/acme-shop';
const pages = [
  '/',
  '/workspaces',
  '/workspaces/acme',
  '/users',
  '/users/mallory',
  `${project}`,
  `${project}/config`,
  `${project}/config/configmaps/notes`,
  `${project}/services`,
  `${project}/events`,
];

describe('what people write is shown as text', () => {
  it.each(pages)('%s', async (path) => {
    const { page } = browser;
    await page.goto(platform.url + path);
    await page.getByRole('main').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate('window.wasRun')).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
  });

  it('and is there to be read', async () => {
    const { page } = browser;
    await page.goto(`${platform.url}${project}/config/configmaps/notes`);
    await page.getByText('<img src=x').first().waitFor();
  });
});

describe('a page', () => {
  it('runs nothing that was put into it', async () => {
    const { page } = browser;
    await page.goto(platform.url);
    await page.evaluate(
      `(() => { const s = document.createElement('script'); s.textContent = 'window.wasRun=1'; document.body.append(s); const i = document.createElement('img'); i.setAttribute('onerror', 'window.wasRun=1'); i.src = '/nowhere'; document.body.append(i); })()`,
    );
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate('window.wasRun')).toBeUndefined();
  });

  it('keeps no credential where a script could read it', async () => {
    const { page } = browser;
    await page.goto(platform.url);
    await page.getByRole('main').first().waitFor();
    const kept = String(
      await page.evaluate(`JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])`),
    );
    const cookies = await page.context().cookies();
    const session = cookies.find(({ name }) => name === 'freehold-session');
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(kept).not.toContain(session?.value ?? 'no session');
    expect(kept).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}\.|fht_|password":|My-own-2026/);
  });

  it('of another site writes nothing and opens nothing with the cookie', async () => {
    const cookies = await browser.page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const { host } = new URL(platform.url);
    const from: [why: string, headers: Record<string, string>][] = [
      ['another site', { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }],
      ['another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
      ['a sandbox', { origin: 'null' }],
      ['a name that begins like ours', { origin: `http://${host}.evil.example.com` }],
      ['nowhere that it says', {}],
    ];
    for (const [why, headers] of from) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await fetch(`${platform.url}/api/v1/namespaces/acme-shop/configmaps/notes`, {
          method,
          headers: { cookie, 'content-type': 'text/plain', ...headers },
          ...(method === 'DELETE' ? {} : { body: '{}' }),
        });
        expect([why, method, answer.status]).toEqual([why, method, 403]);
      }
    }
  });
});
