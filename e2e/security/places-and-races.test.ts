import { labels } from '@feature/iam/contract';
import { kinds } from '@kit/kube';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  applyPatch,
  jsonPatch,
  kubeIam,
  makeTwoPlaces,
  refused,
  rule,
  somebody,
  type Stage,
} from './limited-people.ts';
import { mergePatch, password, tenant } from './world.ts';

let platform: TestPlatform;
let admin: Session;
beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  await makeTwoPlaces(admin);
}, 120_000);
afterAll(() => platform.stop());
const stage = (): Stage => ({ platform, admin });

describe('through the place itself', () => {
  const move = { metadata: { labels: { [labels.workspace]: 'ops' } } };
  const ways: [why: string, path: string, headers: Record<string, string>, body: unknown][] = [
    ['a merge patch', '/api/v1/namespaces/shop', mergePatch, move],
    [
      'a JSON patch',
      '/api/v1/namespaces/shop',
      jsonPatch,
      [{ op: 'replace', path: '/metadata/labels/kubesphere.io~1workspace', value: 'ops' }],
    ],
    [
      'a strategic patch',
      '/api/v1/namespaces/shop',
      { 'content-type': 'application/strategic-merge-patch+json' },
      move,
    ],
    [
      'an apply',
      '/api/v1/namespaces/shop?fieldManager=x&force=true',
      applyPatch,
      { apiVersion: 'v1', kind: 'Namespace', ...move },
    ],
    ['its status', '/api/v1/namespaces/shop/status', mergePatch, move],
    [
      'taking it out only',
      '/api/v1/namespaces/shop',
      mergePatch,
      { metadata: { labels: { [labels.workspace]: null } } },
    ],
  ];

  it.each(ways)(
    'a project moves by %s with the right in both workspaces only',
    async (why, ...[path, headers, body]) => {
      const worker = await somebody(stage(), `mover-${ways.findIndex((way) => way[0] === why)}`, {
        kind: 'Role',
        rules: [rule('', 'namespaces', 'namespaces/status', 'namespaces/finalize')],
      });
      await refused(worker.call('PATCH', path, body, headers));
      const { metadata } = await platform.kube.get(kinds.namespaces, { name: 'shop' });
      expect(metadata.labels?.[labels.workspace]).toBe('dev');
    },
  );

  it('nor by its finalizers', async () => {
    const worker = await somebody(stage(), 'mover-finalize', {
      kind: 'Role',
      rules: [rule('', 'namespaces', 'namespaces/finalize')],
    });
    const now = await platform.kube.get(kinds.namespaces, { name: 'shop' });
    const moved = {
      ...now,
      metadata: { ...now.metadata, labels: { ...now.metadata.labels, [labels.workspace]: 'ops' } },
    };
    // A real API server writes labels by this way too, the embedded one does not: refused, or nothing has moved.
    const { status } = await worker.call('PUT', '/api/v1/namespaces/shop/finalize', moved);
    expect([200, 403]).toContain(status);
    const { metadata } = await platform.kube.get(kinds.namespaces, { name: 'shop' });
    expect(metadata.labels?.[labels.workspace]).toBe('dev');
    await refused(worker.call('PUT', '/api/v1/namespaces/shop', moved));
  });

  it('a workspace’s manager is named by who has what they get', async () => {
    const eve = await somebody(stage(), 'eve-settings', {
      kind: 'WorkspaceRole',
      rules: [{ apiGroups: ['*'], resources: ['workspaces'], verbs: ['*'] }],
    });
    const manager = { spec: { template: { spec: { manager: 'eve-settings' } } } };
    await refused(eve.call('PATCH', `${tenant}/v1alpha2/workspaces/dev`, manager));
    await refused(eve.call('PATCH', `${tenant}/v1alpha3/workspacetemplates/dev`, manager));
    const wide = await somebody(stage(), 'eve-workspaces', {
      kind: 'GlobalRole',
      rules: [rule('tenant.kubesphere.io', 'workspaces', 'workspacetemplates')],
    });
    const self = { spec: { template: { spec: { manager: 'eve-workspaces' } } } };
    await refused(wide.call('PATCH', '/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates/ops', self, mergePatch));
    const note = { metadata: { annotations: { 'kubesphere.io/description': 'ours' } } };
    expect((await eve.call('PATCH', `${tenant}/v1alpha2/workspaces/dev`, note)).status).toBe(200);
  });

  it('and lifts no limit set over it', async () => {
    const owner = await platform.signIn('owner', password);
    const quotas = `${tenant}/v1alpha2/workspaces/dev/resourcequotas`;
    const quota = { metadata: { name: 'dev' }, spec: { quota: { hard: { pods: '10' } } } };
    expect((await admin.call('POST', quotas, quota)).status).toBe(200);
    await refused(owner.call('PUT', `${quotas}/dev`, quota));
    await refused(owner.call('DELETE', `${quotas}/dev`));
    await refused(owner.call('DELETE', '/apis/quota.kubesphere.io/v1alpha2/resourcequotas/dev'));
  });
});

describe('what was looked at is what is written', () => {
  it('a patch meets the object that was looked at, or nothing', async () => {
    const eve = await somebody(stage(), 'eve-racer', {
      kind: 'GlobalRole',
      rules: [rule('iam.kubesphere.io', 'globalrolebindings'), rule('iam.kubesphere.io', 'globalroles')],
    });
    const path = `${kubeIam}/globalrolebindings/eve-racer-eve-racer-role`;
    // Copies whatever stands in an annotation, which changes all the time between a harmless role and a mighty one.
    const copy = [{ op: 'copy', from: '/metadata/annotations/next', path: '/roleRef/name' }];
    const say = (next: string): Promise<unknown> =>
      eve.call('PATCH', path, { metadata: { annotations: { next } } }, mergePatch);
    await say('eve-racer-role');
    for (let turn = 0; turn < 40; turn++) {
      await Promise.all([say('platform-admin'), eve.call('PATCH', path, copy, jsonPatch), say('eve-racer-role')]);
      const { body } = await admin.call<{ roleRef: { name: string } }>('GET', path);
      expect(body.roleRef.name).toBe('eve-racer-role');
    }
  });
});
