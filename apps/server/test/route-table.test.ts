import { defineRoute, type Mount, type Route } from '@kit/http';
import { describe, expect, it } from 'vitest';
import { inertTable } from './inert-table.ts';

const { routes, mounts, upgrades } = inertTable();

// Whoever opens a route to everybody says so here too.
const openPaths = [
  '/docs/api',
  '/healthz',
  '/kapis/config.kubesphere.io/v1alpha2/configs/configz',
  '/kapis/config.kubesphere.io/v1alpha2/configs/gpu/kinds',
  '/kapis/config.kubesphere.io/v1alpha2/configs/oauth',
  '/kapis/iam.kubesphere.io/v1alpha2/login',
  '/kapis/openapi.json',
  '/kapis/version',
  '/kapis/iam.freehold.io/v1alpha1/signinoptions',
  '/livez',
  '/oauth/.well-known/openid-configuration',
  '/oauth/authenticate',
  '/oauth/authorize',
  '/oauth/callback/{provider}',
  '/oauth/keys',
  '/oauth/login/{provider}',
  '/oauth/logout',
  '/oauth/token',
  '/readyz',
  '/session',
  '/session/registration',
  '/session/secondfactor',
  '/version',
];

describe('the table of routes', () => {
  it('takes nothing that does not say who may: it does not compile', () => {
    const described = { path: '/x', scope: 'none', summary: 'Read an x', tag: 'X', responses: {} } as const;
    // @ts-expect-error a route has a permission, or this is the line on which the build fails
    const route: Route = { ...described, method: 'GET', handle: () => 'x' };
    // @ts-expect-error so has one that is declared with its types
    const declared = defineRoute({ ...described, method: 'GET', handle: () => 'x' });
    // @ts-expect-error and so has everything below a prefix
    const mount: Mount = { prefix: '/x', scope: 'none', summary: 'Read an x', handle: () => undefined };
    expect([route, declared, mount].filter((one) => 'permission' in one)).toEqual([]);
  });

  it('opens to everybody only what is listed here', () => {
    const open = routes.filter(({ permission }) => permission.by === 'open');
    expect(open.filter(({ path }) => !openPaths.includes(path)).map(({ path }) => path)).toEqual([]);
    expect([...mounts, ...upgrades].filter(({ permission }) => permission.by === 'open')).toEqual([]);
  });

  it('has each method of a path once', () => {
    const keys = routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it('says why where no role is asked for', () => {
    const silent = routes.filter(({ permission }) => permission.by !== 'rbac' && permission.why.length < 20);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s describes itself',
    (_name, route) => {
      const parameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(route.params?.properties ?? {}).sort()).toEqual(parameters.sort());
      expect(route.summary.length).toBeGreaterThan(8);
      expect(Object.keys(route.responses).length).toBeGreaterThan(0);
    },
  );
});
