import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gemsTablesOf, importKubeGems, readGemsApi, reportText, type GemsTables } from '@feature/tenancy/server';
import { iamTypes, type UserObject } from '@feature/iam/contract';
import { kinds } from '@kit/kube';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { realKubeconfig } from '../target.ts';
import { startGemsServer, type GemsServer } from './gems-server.ts';

const dump = readFileSync(fileURLToPath(new URL('sample.sql', import.meta.url)), 'utf8');
const patience = { timeout: 30_000, interval: 100 };
const tenant = '/kapis/tenant.kubesphere.io/v1alpha2';

let platform: TestPlatform;
let gems: GemsServer;

beforeAll(async () => {
  gems = await startGemsServer(dump);
  platform = await startTestPlatform(realKubeconfig ? { kubeconfig: realKubeconfig } : { nodes: 0 });
  const made = (name: string, labels: Record<string, string>) =>
    platform.kube.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  await made('gems-web-prod', { 'gems.kubegems.io/tenant': 'gems-acme', 'gems.kubegems.io/project': 'web' });
  await made('gems-taken', { 'gems.kubegems.io/tenant': 'somebody-else' });
}, 90_000);
afterAll(async () => {
  const { kube } = platform;
  for (const name of ['gems-acme', 'gems-sleeps'])
    await kube
      .delete(
        {
          group: 'tenant.kubesphere.io',
          version: 'v1alpha2',
          kind: 'WorkspaceTemplate',
          plural: 'workspacetemplates',
          namespaced: false,
        },
        { name },
      )
      .catch(() => undefined);
  for (const { metadata } of (await kube.list(kinds.namespaces)).items.filter(({ metadata: { name } }) =>
    name.startsWith('gems-'),
  ))
    await kube.delete(kinds.namespaces, { name: metadata.name }).catch(() => undefined);
  for (const { metadata } of (await kube.list(iamTypes.users)).items.filter(({ metadata: { name } }) =>
    name.startsWith('gems-'),
  ))
    await kube.delete(iamTypes.users, { name: metadata.name }).catch(() => undefined);
  await platform.stop();
  await gems.stop();
});

const run = async (tables: GemsTables, dryRun = false): Promise<string> =>
  reportText(await importKubeGems({ tables, cluster: 'main', to: platform.kube, dryRun }), dryRun);

const counts = (report: string): Record<string, string> =>
  Object.fromEntries(
    report
      .split('\n')
      .flatMap((line) =>
        /^(\S.*): (\d.*)$/.exec(line) ? [[line.split(': ')[0] ?? '', line.split(': ')[1] ?? '']] : [],
      ),
  );

describe('a KubeGems', () => {
  it('says the same by its dump and by its API, but for passwords', async () => {
    const [byDump, byApi] = [gemsTablesOf(dump), await readGemsApi(gems)];
    const columns = (tables: GemsTables, name: keyof GemsTables, keys: readonly string[]) =>
      tables[name].map((row) => keys.map((key) => row[key]));
    const read: readonly (readonly [keyof GemsTables, readonly string[]])[] = [
      ['tenants', ['id', 'tenant_name', 'remark', 'is_active']],
      ['projects', ['id', 'project_name', 'tenant_id']],
      ['environments', ['id', 'environment_name', 'namespace', 'project_id', 'cluster_id']],
      ['clusters', ['id', 'cluster_name']],
      ['users', ['id', 'username', 'email', 'is_active', 'system_role_id']],
      ['tenant_user_rels', ['tenant_id', 'user_id', 'role']],
      ['environment_user_rels', ['environment_id', 'user_id', 'role']],
    ];
    for (const [name, keys] of read)
      expect([name, columns(byApi, name, keys)]).toEqual([name, columns(byDump, name, keys)]);
    expect(byApi.users.every((user) => user['password'] === undefined)).toBe(true);
  });

  it('asks which cluster is meant where there are several, and refuses a token that is none', async () => {
    const source = { tables: gemsTablesOf(dump), to: platform.kube, dryRun: true };
    await expect(importKubeGems(source)).rejects.toThrow('"main"');
    await expect(importKubeGems({ ...source, cluster: 'nowhere' })).rejects.toThrow('no cluster "nowhere"');
    await expect(readGemsApi({ ...gems, token: 'none' })).rejects.toThrow('401');
    await expect(readGemsApi({ url: 'http://127.0.0.1:1', token: 'x' })).rejects.toThrow('does not answer');
    expect(() => gemsTablesOf('CREATE TABLE `other` (\n `id` int\n);')).toThrow('tenants');
  });

  it('is only looked at in a dry run, and then taken over with a word about everything', async () => {
    const tried = await run(gemsTablesOf(dump), true);
    expect(tried).toContain('This was a dry run');
    expect(await platform.kube.find(iamTypes.users, { name: 'gems-lena' })).toBeUndefined();
    const report = await run(gemsTablesOf(dump));
    expect(counts(report)).toEqual({
      users: '1 taken as they are, 3 changed, 0 there already, 1 not supported',
      tenants: '1 taken as they are, 1 changed, 0 there already, 0 not supported',
      'members of tenants': '2 taken as they are, 0 changed, 0 there already, 1 not supported',
      environments: '0 taken as they are, 2 changed, 0 there already, 1 not supported',
      'members of environments': '3 taken as they are, 0 changed, 0 there already, 1 not supported',
      'quotas of tenants': '1 taken as they are, 0 changed, 0 there already, 0 not supported',
    });
    expect(report).toContain('changed: gems-root: was a system administrator');
    expect(report).toContain('not supported: gems-taken: a namespace of that name is there');
    expect(report).not.toContain('gems-web-edge');
  });

  it('writes nothing a second time, nor from the API what the dump has brought', async () => {
    for (const tables of [gemsTablesOf(dump), await readGemsApi(gems)])
      expect(
        Object.entries(counts(await run(tables))).filter(
          ([kind, line]) => kind !== 'environments' && !line.startsWith('0 taken as they are, 0 changed'),
        ),
      ).toEqual([]);
  });

  it('lets its people in by their passwords, with the rights they had and no more', async () => {
    const lena: Session = await platform.signIn('gems-lena', 'Imp0rted-Pass');
    await vi.waitFor(async () => {
      expect((await lena.call('GET', `${tenant}/workspaces/gems-acme`)).status).toBe(200);
      expect((await lena.call('GET', '/api/v1/namespaces/gems-web-prod/pods')).status).toBe(200);
      expect((await lena.call('GET', '/api/v1/namespaces/gems-web-dev/secrets')).status).toBe(200);
      expect((await lena.call('GET', '/api/v1/namespaces/gems-taken/pods')).status).toBe(403);
    }, patience);
    const hash = async (): Promise<string | undefined> =>
      (await platform.kube.get<UserObject>(iamTypes.users, { name: 'gems-lena' })).spec.password;
    await expect.poll(hash, patience).toMatch(/^\$argon2id\$/);
    await expect(platform.signIn('gems-otto', 'Imp0rted-Pass')).rejects.toThrow('refused');
    await expect(platform.signIn('gems-ldap', '')).rejects.toThrow('refused');
    const root = await platform.signIn('gems-root', 'Imp0rted-Pass');
    expect((await root.call('GET', `${tenant}/workspaces/gems-acme`)).status).toBe(403);
  });

  it('gives a member of an environment the stronger of their roles there', async () => {
    const roleIn = async (namespace: string): Promise<string | undefined> => {
      const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`;
      const { items } = await platform.kube.json<{
        items: { metadata: { labels?: Record<string, string> }; roleRef: { name: string } }[];
      }>({ method: 'GET', path });
      return items.find(({ metadata }) => metadata.labels?.['iam.kubesphere.io/user-ref'] === 'gems-ldap')?.roleRef
        .name;
    };
    expect([await roleIn('gems-web-dev'), await roleIn('gems-web-prod')]).toEqual(['viewer', 'operator']);
  });
});
