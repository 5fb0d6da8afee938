import { createHash } from 'node:crypto';
import { readData } from '../../../data/read-data.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { noSuchResource } from '../../store/api-errors.ts';
import type { KindRegistry } from '../../store/kind-registry.ts';
import { sendBytes, sendObject, sendText } from '../respond.ts';
import type { Exchange } from '../respond.ts';
import { customSchema, customSchemaName } from './custom-schema.ts';
import { pathsOfKind } from './paths-of-kind.ts';
import { v2Document } from './v2-document.ts';

const v3Prefix = '#/components/schemas/';
const info = { title: 'Kubernetes', version: 'v1.36.3' };

const ownName = (kind: KindInfo): string => kind.schemaName ?? customSchemaName(kind);

function schemaNamed(name: string, kinds: readonly KindInfo[]): JsonObject | undefined {
  const builtin = readData('schemas.json')[name];
  if (builtin) return builtin as JsonObject; // the generator writes JSON only
  const custom = kinds.find((kind) => !kind.builtin && customSchemaName(kind) === name);
  return custom && customSchema(custom);
}

const referenced = /"\$ref":"#\/components\/schemas\/([^"]+)"/g;

/** The schemas that the given ones refer to, themselves included. */
function closure(names: readonly string[], kinds: readonly KindInfo[]): JsonObject {
  const found: JsonObject = {};
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in found) continue;
    const schema = schemaNamed(name, kinds);
    if (!schema) continue;
    found[name] = schema;
    for (const [, other] of JSON.stringify(schema).matchAll(referenced)) if (other !== undefined) waiting.push(other);
  }
  return found;
}

const patchSchema = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch';
const scaleSchema = 'io.k8s.api.autoscaling.v1.Scale';

/** All paths of the kinds, with references as version 3 writes them. */
function allPaths(kinds: readonly KindInfo[]): JsonObject {
  const reference = (name: string): JsonObject => ({ $ref: v3Prefix + name });
  return Object.fromEntries(
    kinds.flatMap((kind) => Object.entries(pathsOfKind(kind, { reference, own: ownName(kind) }))),
  );
}

function v3Document(kinds: readonly KindInfo[]): JsonObject {
  const parts = kinds.flatMap((kind) => (kind.subresources.some(({ name }) => name === 'scale') ? [scaleSchema] : []));
  const schemas = closure([patchSchema, ...kinds.map(ownName), ...parts], kinds);
  return { openapi: '3.0.0', info, paths: allPaths(kinds), components: { schemas } };
}

function v2Text(kinds: readonly KindInfo[]): string {
  const custom = kinds
    .filter((kind) => !kind.builtin)
    .map((kind) => [customSchemaName(kind), customSchema(kind)] as const);
  const builtin = Object.entries(readData('schemas.json')) as [string, JsonObject][]; // the generator writes JSON only
  return v2Document({ info, paths: allPaths(kinds), schemas: Object.fromEntries([...builtin, ...custom]) });
}

const digest = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();

/** The OpenAPI documents of all kinds, made when first asked for and anew when the kinds have changed. */
export class OpenApiDocuments {
  readonly #kinds: KindRegistry;
  readonly #made = new Map<string, string>();
  #revision = -1;

  constructor(kinds: KindRegistry) {
    this.#kinds = kinds;
  }

  /** `/openapi/v2`, with an ETag: kubectl asks for it again and again. */
  serveV2(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    if (/protobuf/.test(request.headers.accept ?? '') && !/json|\*/.test(request.headers.accept ?? '')) {
      return sendText(exchange, 406, 'the OpenAPI document is served as application/json\n');
    }
    const text = this.#document('v2', () => v2Text(this.#kinds.all()));
    const etag = `"${digest(text)}"`;
    response.setHeader('Etag', etag);
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return Promise.resolve();
    }
    return sendBytes(exchange, 200, Buffer.from(text));
  }

  /** `/openapi/v3`: which documents there are. */
  serveV3Index(exchange: Exchange): Promise<void> {
    const paths = this.#kinds.groups().flatMap(({ group, versions }) =>
      versions.map((version) => {
        const name = group ? `apis/${group}/${version}` : `api/${version}`;
        // Documents change with the kinds of their group; those of built-in groups never do.
        const builtin = this.#kinds.inVersion(group, version).every((kind) => kind.builtin);
        const hash = digest(builtin ? name : `${name} ${this.#kinds.revision}`);
        return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }] as const;
      }),
    );
    return sendObject(exchange, 200, { paths: Object.fromEntries(paths) });
  }

  /** `/openapi/v3/apis/GROUP/VERSION` */
  serveV3(exchange: Exchange, name: string): Promise<void> {
    const [root, first = '', second = ''] = name.split('/');
    const [group, version] = root === 'api' ? ['', first] : [first, second];
    const kinds = this.#kinds.inVersion(group, version);
    if (kinds.length === 0) throw noSuchResource();
    const text = this.#document(name, () => JSON.stringify(v3Document(kinds)));
    exchange.response.setHeader('Etag', `"${digest(text)}"`);
    return sendBytes(exchange, 200, Buffer.from(text));
  }

  #document(name: string, make: () => string): string {
    if (this.#revision !== this.#kinds.revision) this.#made.clear();
    this.#revision = this.#kinds.revision;
    let text = this.#made.get(name);
    if (text === undefined) this.#made.set(name, (text = make()));
    return text;
  }
}
