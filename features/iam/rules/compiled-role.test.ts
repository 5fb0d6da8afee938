import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../contract/index.ts';
import { attributesOf } from './attributes.ts';
import { allows, compileRole, covers } from './compiled-role.ts';
import { requestInfo } from './request-info.ts';

const reader: PolicyRule[] = [{ verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*'] }];
const pods: PolicyRule[] = [{ verbs: ['*'], apiGroups: [''], resources: ['pods', 'pods/log'] }];
const oneMap: PolicyRule[] = [
  { verbs: ['update'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['web'] },
];
const paths: PolicyRule[] = [{ verbs: ['GET'], nonResourceURLs: ['/healthz', '/metrics/*'] }];

describe('allows', () => {
  const rows: [why: string, rules: PolicyRule[], ask: string, allowed: boolean][] = [
    ['a star group and resource', reader, 'GET /apis/apps/v1/namespaces/a/deployments/b', true],
    ['a star covers subresources', reader, 'GET /api/v1/namespaces/a/pods/b/log', true],
    ['a verb that is not there', reader, 'DELETE /api/v1/namespaces/a/pods/b', false],
    ['reading is not opening a shell', reader, 'GET /api/v1/namespaces/a/pods/b/exec', false],
    ['a subresource by name', pods, 'GET /api/v1/namespaces/a/pods/b/log', true],
    ['another subresource', pods, 'GET /api/v1/namespaces/a/pods/b/status', false],
    ['another group', pods, 'GET /apis/metrics.k8s.io/v1/namespaces/a/pods/b', false],
    ['the named object', oneMap, 'PUT /api/v1/namespaces/a/configmaps/web', true],
    ['another object', oneMap, 'PUT /api/v1/namespaces/a/configmaps/db', false],
    ['a path', paths, 'GET /healthz', true],
    ['a path below a star', paths, 'GET /metrics/cadvisor', true],
    ['another path', paths, 'GET /version', false],
    ['resources say nothing about paths', reader, 'GET /version', false],
    ['paths say nothing about resources', paths, 'GET /api/v1/pods', false],
  ];
  it.each(rows)('%s: %#', (_why, ...[rules, ask, allowed]) => {
    const [method = '', target = ''] = ask.split(' ');
    expect(allows(compileRole(rules), requestInfo(method, target))).toBe(allowed);
  });

  it('takes no rules as no rights', () => {
    expect(allows(compileRole(null), attributesOf({ verb: 'get', resource: 'pods' }))).toBe(false);
  });
});

describe('covers', () => {
  const admin: PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  const rows: [why: string, held: PolicyRule[], given: PolicyRule[], covered: boolean][] = [
    ['an administrator can give anything', admin, paths, true],
    ['what one has', reader, [{ verbs: ['list'], apiGroups: ['apps'], resources: ['deployments'] }], true],
    ['less than a star gives no star', pods, admin, false],
    [
      'a member manager gives no administrator',
      [{ verbs: ['*'], apiGroups: ['*'], resources: ['workspacemembers'] }],
      admin,
      false,
    ],
    [
      'a named right gives no unnamed one',
      oneMap,
      [{ verbs: ['update'], apiGroups: [''], resources: ['configmaps'] }],
      false,
    ],
    ['a named right gives itself', oneMap, oneMap, true],
    ['nothing can be given by anybody', [], [], true],
  ];
  it.each(rows)('%s', (_why, ...[held, given, covered]) => {
    expect(covers([compileRole(held)], given)).toBe(covered);
  });
});
