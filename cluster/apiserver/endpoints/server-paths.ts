import { ApiError } from '@kit/base';
import type { ApiServerParts } from '../api-server-parts.ts';
import { refusal } from '../auth/attributes.ts';
import { issuer } from '../auth/service-account-tokens.ts';
import { readData } from '../../data/read-data.ts';
import { methodNotAllowed, noSuchResource } from '../store/api-errors.ts';
import type { Caller } from '../store/write-request.ts';
import type { Discovery } from './discovery.ts';
import { aggregatedVersion, negotiate } from './negotiate.ts';
import { OpenApiDocuments } from './openapi/openapi-documents.ts';
import type { RequestInfo } from './request-info.ts';
import { sendObject, sendText, sendTyped } from './respond.ts';
import type { Exchange } from './respond.ts';

/** What serves the paths that are no resources. */
export interface ServerPaths {
  readonly parts: ApiServerParts;
  readonly discovery: Discovery;
  readonly openApi: OpenApiDocuments;
}

type Handler = (server: ServerPaths, exchange: Exchange, info: RequestInfo) => Promise<void>;

function health(name: string): Handler {
  return (_server, exchange, { query }) => {
    const text = query.has('verbose') ? `[+]ping ok\n[+]storage ok\n${name} check passed\n` : 'ok';
    return sendText(exchange, 200, text);
  };
}

function discover(root: '/api' | '/apis'): Handler {
  return ({ discovery }, exchange) => {
    const { accept, host = '' } = exchange.request.headers;
    exchange.response.setHeader('Vary', 'Accept');
    if (aggregatedVersion(accept)) {
      return sendTyped(exchange, 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', discovery.aggregated(root));
    }
    negotiate(accept);
    return sendObject(exchange, 200, root === '/api' ? discovery.coreVersions(host) : discovery.groupList());
  };
}

const version: Handler = (_server, exchange) => {
  const data = readData('discovery.json')['/version'] as object | undefined; // the one document of another shape
  return sendObject(exchange, 200, { ...data });
};

const handlers: Readonly<Record<string, Handler>> = {
  '/healthz': health('healthz'),
  '/livez': health('livez'),
  '/readyz': health('readyz'),
  '/version': version,
  '/api': discover('/api'),
  '/apis': discover('/apis'),
  '/openapi/v2': ({ openApi }, exchange) => openApi.serveV2(exchange),
  '/openapi/v3': ({ openApi }, exchange) => openApi.serveV3Index(exchange),
  '/openid/v1/jwks': async ({ parts }, exchange) => sendTyped(exchange, 'application/jwk-set+json', { keys: [await parts.tokens.jwk()] }),
  '/.well-known/openid-configuration': (_server, exchange) =>
    sendObject(exchange, 200, {
      issuer,
      jwks_uri: `https://${exchange.request.headers.host ?? ''}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    }),
};

async function serveGroup({ discovery }: ServerPaths, exchange: Exchange, path: string): Promise<boolean> {
  const [, root, group = '', groupVersion = '', ...more] = path.split('/');
  const core = root === 'api' && groupVersion === '' && group !== '';
  if ((root !== 'apis' && !core) || more.length > 0) return false;
  const document = core
    ? discovery.resourceList('', group)
    : groupVersion
      ? discovery.resourceList(group, groupVersion)
      : discovery.group(group);
  if (document) await sendObject(exchange, 200, document);
  // A group that exists answers for its unknown versions with a Status.
  else if (core || discovery.group(group)) throw noSuchResource();
  return document !== undefined;
}

/** Answers a path that is no resource. Throws what has to be answered with a Status. */
export async function servePath(server: ServerPaths, exchange: Exchange, request: { info: RequestInfo; caller: Caller }): Promise<void> {
  const { info, caller } = request;
  const path = info.path.length > 1 ? info.path.replace(/\/$/, '') : info.path;
  const attributes = { verb: info.verb, path: info.path };
  if (!server.parts.authorizer.decide(caller, attributes).allowed) {
    throw new ApiError('Forbidden', `forbidden: ${refusal(caller, attributes)}`, { details: {} });
  }
  const handle = handlers[path];
  if (handle && info.verb !== 'get' && info.verb !== 'head') throw methodNotAllowed();
  if (handle) return handle(server, exchange, info);
  if (path.startsWith('/openapi/v3/')) return server.openApi.serveV3(exchange, path.slice('/openapi/v3/'.length));
  if (await serveGroup(server, exchange, path)) return;
  return sendText(exchange, 404, '404 page not found\n');
}
