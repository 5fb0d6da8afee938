import { defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import { Type } from 'typebox';

// The names are KubeSphere's; a console shows the pages of what is true.
const parts = {
  authentication: true,
  authorization: true,
  kubernetes: true,
  alerting: false,
  auditing: false,
  cache: false,
  devops: false,
  edgeruntime: false,
  events: false,
  gateway: false,
  gpu: false,
  kubeedge: false,
  logging: false,
  metering: false,
  monitoring: false,
  multicluster: false,
  network: false,
  'network.ippool': false,
  notification: false,
  openpitrix: false,
  'openpitrix.appstore': false,
  s3: false,
  servicemesh: false,
  sonarqube: false,
  terminal: false,
} as const;

const configs: Readonly<Record<string, unknown>> = { configz: parts, 'gpu/kinds': [] };
const base = '/kapis/config.kubesphere.io/v1alpha2/configs';

/** What a console asks before it shows anything: which parts there are, and how to sign in. */
export function configRoutes(): Route[] {
  return Object.entries(configs).map(([name, value]) =>
    defineRoute({
      method: 'GET',
      path: `${base}/${name}`,
      scope: 'none',
      permission: { by: 'open', why: 'the sign-in page reads it; it holds no secret' },
      summary: `Read the configuration "${name}"`,
      tag: 'Platform',
      responses: { 200: Type.Union([Type.Object({}), Type.Array(Type.Unknown())]) },
      handle: () => value,
    }),
  );
}
