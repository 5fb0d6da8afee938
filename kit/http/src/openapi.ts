import type { TObject, TSchema } from 'typebox';
import type { Mount, Upgrade } from './mount.ts';
import type { Permission, Route } from './route.ts';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

/** An OpenAPI 3.1 document; `x-mounts` lists what is passed through and cannot be described path by path. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: ApiInfo;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
  readonly 'x-mounts': readonly { readonly prefix: string; readonly summary: string; readonly permission: string }[];
}

export interface ApiSource {
  readonly routes: readonly Route[];
  readonly mounts: readonly Mount[];
  readonly upgrades: readonly Upgrade[];
  readonly info: ApiInfo;
}

/** The API reference of a table of routes. Pure: the same table gives the same document. */
export function openApiDocument({ routes, mounts, upgrades, info }: ApiSource): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  const raw = [...mounts, ...upgrades].map(({ prefix, summary, permission }) => ({
    prefix,
    summary,
    permission: permissionText(permission),
  }));
  return {
    openapi: '3.1.0',
    info,
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: { schemas: { Status: statusSchema }, securitySchemes },
    'x-mounts': raw,
  };
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  basic: { type: 'http', scheme: 'basic' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'freehold-session' },
};

const statusSchema = {
  type: 'object',
  description: 'Why a request failed, as Kubernetes says it.',
  required: ['kind', 'apiVersion', 'status', 'code'],
  properties: {
    kind: { const: 'Status' },
    apiVersion: { const: 'v1' },
    status: { enum: ['Success', 'Failure'] },
    message: { type: 'string' },
    reason: { type: 'string' },
    code: { type: 'integer' },
    details: { type: 'object' },
  },
};

function operationOf(route: Route): Operation {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
  const bodyTypes = route.form ? ['application/x-www-form-urlencoded'] : ['application/json', 'application/yaml'];
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z0-9]+(\w)?/g, (_, next?: string) => (next ?? '').toUpperCase())}`,
    summary: route.summary,
    tags: [route.tag],
    description: `Scope: ${route.scope}. ${permissionText(route.permission)}`,
    security: route.permission.by === 'open' ? [{}] : [{ bearer: [] }, { basic: [] }, { cookie: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: true, content: contentOf(route.body, bodyTypes) } } : {}),
    responses: responsesOf(route),
  };
}

function responsesOf(route: Route): Record<string, object> {
  const own = Object.entries(route.responses).map(([code, schema]): [string, object] => {
    if (code === '204') return [code, { description: 'success, without a body' }];
    const isText = 'type' in schema && schema.type === 'string';
    const type = isText ? 'text/plain' : 'application/json';
    return [code, { description: 'success', content: contentOf(schema, [type]) }];
  });
  const failure = {
    description: 'failure',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Status' } } },
  };
  return { ...Object.fromEntries<object>(own), default: failure };
}

function contentOf(schema: TSchema, types: readonly string[]): object {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function parametersOf(schema: TObject | undefined, place: 'path' | 'query'): object[] {
  if (!schema) return [];
  const required = new Set<string>('required' in schema ? schema.required : []);
  return Object.entries(schema.properties).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: value,
  }));
}

/** A permission in words. */
export function permissionText(permission: Permission): string {
  if (permission.by === 'open') return `Open to anyone: ${permission.why}`;
  if (permission.by === 'signedIn') return `Any signed-in user: ${permission.why}`;
  return 'The roles of the caller decide.';
}
