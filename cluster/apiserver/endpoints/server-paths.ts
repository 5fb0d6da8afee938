import { ApiError } from '@kit/base';
import type { ApiServerParts } from '../api-server-parts.ts';
import { refusal } from '../auth/attributes.ts';
import { issuer } from '../auth/service-account-tokens.ts';
import { readData } from '../../data/read-data.ts';
import { methodNotAllowed, noSuchResource } from '../store/api-errors.ts';
import type { Caller } from '../store/write-request.ts';
import { proxyRequest } from '../aggregation/proxy-request.ts';
import type { Discovery } from './discovery.ts';
import { healthPaths } from './health-checks.ts';
import { serveHealth } from './health.ts';
import { metricsText } from './metrics.ts';
import type { RequestCounters } from './metrics.ts';
import { aggregatedVersion, negotiate } from './negotiate.ts';
import type { OpenApiDocuments } from './openapi/openapi-documents.ts';
import type { RequestInfo } from './request-info.ts';
import { sendObject, sendPretty, sendText, sendTyped } from './respond.ts';
import type { Exchange } from './respond.ts';
import { serveBackup } from './serve-backup.ts';

/** What serves the paths that are no resources. */
export interface ServerPaths {
  readonly parts: ApiServerParts;
  readonly discovery: Discovery;
  readonly openApi: OpenApiDocuments;
  readonly counters: RequestCounters;
}

type Handler = (server: ServerPaths, exchange: Exchange, info: RequestInfo) => Promise<void>;

function discover(root: '/api' | '/apis'): Handler {
  return ({ discovery, parts }, exchange) => {
    const { documents } = parts.aggregator;
    const { accept, host = '' } = exchange.request.headers;
    exchange.response.setHeader('Vary', 'Accept');
    if (aggregatedVersion(accept)) {
      return sendTyped(
        exchange,
        'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
        root === '/api' ? discovery.aggregated(root) : documents.withDiscovery(discovery.aggregated(root)),
      );
    }
    negotiate(accept);
    const list = root === '/api' ? discovery.coreVersions(host) : documents.withGroups(discovery.groupList());
    return sendObject(exchange, 200, list);
  };
}

const version: Handler = (_server, exchange) => {
  if (exchange.format !== 'json') {
    const message = '406: Not Acceptable\n\nAvailable representations: application/json';
    throw new ApiError('NotAcceptable', message, { details: {} });
  }
  const data = readData('discovery.json')['/version'] as object | undefined; // the one document of another shape
  return sendObject(exchange, 200, { ...data });
};

/** `/`: every path that is not a resource, in the order of their letters. */
const index: Handler = ({ discovery, parts }, exchange) => {
  const groups = (parts.aggregator.documents.withGroups(discovery.groupList()) as GroupList).groups; // made by Discovery
  const inGroups = groups.flatMap(({ name, versions }) => [
    `/apis/${name}`,
    ...versions.map(({ groupVersion }) => `/apis/${groupVersion}`),
  ]);
  const absent = new Set(['/', ...(parts.backUp ? [] : ['/backup'])]);
  const own = Object.keys(handlers).filter((path) => !absent.has(path));
  const paths = [...own, '/api/v1', '/apis/', '/openapi/v3/', ...inGroups, ...healthPaths()];
  return sendPretty(exchange, { paths: paths.sort() });
};

interface GroupList {
  readonly groups: readonly {
    readonly name: string;
    readonly versions: readonly { readonly groupVersion: string }[];
  }[];
}

const handlers: Readonly<Record<string, Handler>> = {
  '/': index,
  '/backup': ({ parts }, exchange) => serveBackup(parts, exchange),
  '/metrics': ({ parts, counters }, exchange) => sendText(exchange, 200, metricsText(parts, counters)),
  '/version': version,
  '/api': discover('/api'),
  '/apis': discover('/apis'),
  '/openapi/v2': ({ openApi }, exchange) => openApi.serveV2(exchange),
  '/openapi/v3': ({ openApi, parts }, exchange) =>
    openApi.serveV3Index(exchange, parts.aggregator.documents.openApiPaths()),
  '/openid/v1/jwks': async ({ parts }, exchange) =>
    sendTyped(exchange, 'application/jwk-set+json', { keys: [await parts.tokens.jwk()] }),
  '/.well-known/openid-configuration': (_server, exchange) =>
    sendObject(exchange, 200, {
      issuer,
      jwks_uri: `https://${exchange.request.headers.host ?? ''}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    }),
};

/** The discovery document of a group or of a group version, if the path is that of one. */
function groupDocument({ discovery, parts }: ServerPaths, path: string): object | undefined {
  const [, root, first = '', second, ...more] = path.split('/');
  if (more.length > 0 || first === '') return undefined;
  if (root === 'api') return second === undefined ? knownVersion(discovery, '', first) : undefined;
  if (root !== 'apis') return undefined;
  if (second !== undefined) return knownVersion(discovery, first, second);
  return parts.aggregator.documents.group(first, discovery.group(first));
}

/** A group that exists answers for its unknown versions with a Status. */
function knownVersion(discovery: Discovery, group: string, version: string): object | undefined {
  const document = discovery.resourceList(group, version);
  if (!document && (group === '' || discovery.group(group))) throw noSuchResource();
  return document;
}

const openApiRoot = '/openapi/v3/';

/** The OpenAPI document of a group version: our own, or what the server says that serves it. */
function describe(
  { parts, openApi }: ServerPaths,
  exchange: Exchange,
  { path, caller }: { path: string; caller: Caller },
): Promise<void> {
  const { services, deps } = parts.aggregator;
  const name = path.slice(openApiRoot.length);
  const remote = services.find(`/${name}`);
  return remote ? proxyRequest(deps, exchange, { remote, caller }) : openApi.serveV3(exchange, name);
}

function authorize(
  { parts }: ServerPaths,
  { audit }: Exchange,
  { info, caller }: { info: RequestInfo; caller: Caller },
): void {
  const attributes = { verb: info.verb, path: info.path };
  const decision = parts.authorizer.decide(caller, attributes);
  audit?.decided(decision);
  if (decision.allowed) return;
  throw new ApiError('Forbidden', `forbidden: ${refusal(caller, attributes)}`, { details: {} });
}

/** Answers a path that is no resource. Throws what has to be answered with a Status. */
export async function servePath(
  server: ServerPaths,
  exchange: Exchange,
  request: { info: RequestInfo; caller: Caller },
): Promise<void> {
  const { info, caller } = request;
  const path = info.path.length > 1 ? info.path.replace(/\/$/, '') : info.path;
  authorize(server, exchange, request);
  const handle = handlers[path];
  if (handle && info.verb !== 'get' && info.verb !== 'head') throw methodNotAllowed();
  if (handle) return handle(server, exchange, info);
  if (await serveHealth(server.parts, exchange, { path, query: info.query })) return;
  if (path.startsWith(openApiRoot)) return describe(server, exchange, { path, caller });
  const document = groupDocument(server, path);
  if (document) return sendObject(exchange, 200, document);
  return sendText(exchange, 404, '404 page not found\n');
}
