import { defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import type { KubeClient } from '@kit/kube';
import { Type } from 'typebox';
import manifest from '../package.json' with { type: 'json' };

export const platformVersion: string = manifest.version;

// The release of KubeSphere whose API is served: its consoles ask for more than v3.2 before they use the present paths.
const servedVersion = { gitVersion: 'v3.4.1', gitMajor: '3', gitMinor: '4' } as const;

const info = Type.Object({ gitVersion: Type.String() });

/** `/version` and `/kapis/version`: the API served, this product, and the cluster below. */
export function versionRoutes(kube: KubeClient): Route[] {
  return ['/version', '/kapis/version'].map((path) =>
    defineRoute({
      method: 'GET',
      path,
      scope: 'none',
      permission: { by: 'open', why: 'the sign-in page and kubectl ask it before there is a credential' },
      summary: 'The versions of the API, the platform and the cluster',
      tag: 'Platform',
      responses: { 200: Type.Object({ gitVersion: Type.String(), freehold: Type.String(), kubernetes: info }) },
      handle: async ({ signal }) => ({
        ...servedVersion,
        freehold: platformVersion,
        goVersion: 'none',
        compiler: 'none',
        platform: `${process.platform}/${process.arch}`,
        buildDate: 'unknown',
        gitCommit: 'unknown',
        gitTreeState: 'unknown',
        kubernetes: await kube.json<{ gitVersion: string }>({ method: 'GET', path: '/version', signal }),
      }),
    }),
  );
}
