import type { GroupVersions } from '../../store/kind-registry.ts';
import type { JsonObject } from '../../schema/schema.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const mediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

interface Document {
  readonly operationId: string;
  readonly tag: string;
  /** Where the document is of a kind of the API. */
  readonly schema?: string;
}

type Reference = (name: string) => JsonObject;

function read({ operationId, tag, schema }: Document, reference: Reference): JsonObject {
  const types = schema ? mediaTypes : mediaTypes.slice(0, 1);
  const form = schema ? reference(schema) : { type: schema ?? 'string' };
  const content = Object.fromEntries(types.map((type) => [type, { schema: form }]));
  return {
    get: {
      tags: [tag],
      operationId,
      responses: { '200': { description: 'OK', content }, '401': { description: 'Unauthorized' } },
    },
  };
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function groupPaths({ group, versions }: GroupVersions, reference: Reference): JsonObject {
  const name = group === '' ? 'Core' : capital(group.split('.')[0] ?? '');
  const tag = group === '' ? 'core' : group.replaceAll('.', '_');
  const root = group === '' ? '/api' : `/apis/${group}`;
  const schema = group === '' ? `${meta}.APIVersions` : `${meta}.APIGroup`;
  const operationId = group === '' ? 'getCoreAPIVersions' : `get${name}APIGroup`;
  const paths: JsonObject = { [`${root}/`]: read({ operationId, tag, schema }, reference) };
  for (const version of versions) {
    const resources = `get${name}${capital(version)}APIResources`;
    const document = { operationId: resources, tag: `${tag}_${version}`, schema: `${meta}.APIResourceList` };
    paths[`${root}/${version}/`] = read(document, reference);
  }
  return paths;
}

/** The paths under which the server tells what it serves: of every group and version, and of itself. */
export function discoveryPaths(groups: readonly GroupVersions[], reference: Reference): JsonObject {
  const own: readonly [string, Document][] = [
    ['/apis/', { operationId: 'getAPIVersions', tag: 'apis', schema: `${meta}.APIGroupList` }],
    [
      '/.well-known/openid-configuration/',
      { operationId: 'getServiceAccountIssuerOpenIDConfiguration', tag: 'WellKnown' },
    ],
    ['/openid/v1/jwks/', { operationId: 'getServiceAccountIssuerOpenIDKeyset', tag: 'openid' }],
    ['/version/', { operationId: 'getCodeVersion', tag: 'version', schema: 'io.k8s.apimachinery.pkg.version.Info' }],
  ];
  return Object.assign(
    Object.fromEntries(own.map(([path, document]) => [path, read(document, reference)])),
    ...groups.map((group) => groupPaths(group, reference)),
  ) as JsonObject; // made of JSON only
}
