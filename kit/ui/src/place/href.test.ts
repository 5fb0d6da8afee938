import { expect, test } from 'vitest';
import { to } from './href.ts';

const at = { workspace: 'acme', cluster: 'host', project: 'shop' };

test.each([
  { why: 'the workbench', href: to.platform(''), expected: '/' },
  { why: 'a platform page', href: to.platform('users', { q: 'a b' }), expected: '/users?q=a+b' },
  {
    why: 'a workspace’s front page has no slash at its end',
    href: to.workspace('acme', ''),
    expected: '/workspaces/acme',
  },
  { why: 'a workspace page', href: to.workspace('acme', 'members'), expected: '/workspaces/acme/members' },
  {
    why: 'a project page with a parameter and a query',
    href: to.project(at, 'pods/$name', { name: 'web-0' }, { tab: 'logs' }),
    expected: '/workspaces/acme/clusters/host/projects/shop/pods/web-0?tab=logs',
  },
  {
    why: 'a name cannot leave its place in the path',
    href: to.project(at, 'pods/$name', { name: '../x?y' }),
    expected: '/workspaces/acme/clusters/host/projects/shop/pods/..%2Fx%3Fy',
  },
  {
    why: 'a name with a dollar is a name',
    href: to.workspace('a$b', 'members'),
    expected: '/workspaces/a%24b/members',
  },
])('$why', ({ href, expected }) => {
  expect(href).toBe(expected);
});
