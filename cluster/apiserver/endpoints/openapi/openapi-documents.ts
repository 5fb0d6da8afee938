import { readData } from '../../../data/read-data.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRegistry } from '../../store/kind-registry.ts';
import { sendTyped } from '../respond.ts';
import type { Exchange } from '../respond.ts';
import { customListSchema, customListSchemaName, customSchema, customSchemaName } from './custom-schema.ts';
import { discoveryPaths } from './discovery-paths.ts';
import { metaKindVersions, withMetaKinds } from './meta-kinds.ts';
import { pathsOfKind } from './paths-of-kind.ts';
import { asJson, ServedDocument } from './served-document.ts';
import type { Encoding } from './served-document.ts';
import { v2Document } from './v2-document.ts';
import { v2Protobuf } from './v2-protobuf.ts';

const v3Prefix = '#/components/schemas/';
const info = { title: 'Kubernetes', version: '1.36' };
const customInfo = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' };

/** kubectl has asked under both names. */
const asProtobuf: Encoding = {
  asked: [
    'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  ],
  contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  encode: v2Protobuf,
};

const ownName = (kind: KindInfo): string => kind.schemaName ?? customSchemaName(kind);

function listName(kind: KindInfo): string | undefined {
  if (!kind.builtin) return customListSchemaName(kind);
  const name = `${kind.schemaName ?? ''}List`;
  return name in readData('schemas.json') ? name : undefined;
}

function schemaNamed(name: string, kinds: readonly KindInfo[]): JsonObject | undefined {
  const builtin = readData('schemas.json')[name];
  if (builtin) return builtin as JsonObject; // the generator writes JSON only
  const custom = kinds.filter(({ builtin: isBuiltin }) => !isBuiltin);
  const own = custom.find((kind) => customSchemaName(kind) === name);
  const list = custom.find((kind) => customListSchemaName(kind) === name);
  return own ? customSchema(own) : list && customListSchema(list);
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

const scaleSchema = 'io.k8s.api.autoscaling.v1.Scale';

const reference = (name: string): JsonObject => ({ $ref: v3Prefix + name });

/** All paths of the kinds, with references as version 3 writes them. */
function allPaths(kinds: readonly KindInfo[]): JsonObject {
  const paths = kinds.flatMap((kind) =>
    Object.entries(pathsOfKind(kind, { reference, own: ownName(kind), list: listName(kind) })),
  );
  return Object.fromEntries(paths);
}

function v3Document(
  paths: JsonObject,
  kinds: readonly KindInfo[],
  at: { readonly group: string; readonly version: string },
): JsonObject {
  const named = [...JSON.stringify(paths).matchAll(referenced)].flatMap(([, name]) => name ?? []);
  const parts = kinds.flatMap((kind) => (kind.subresources.some(({ name }) => name === 'scale') ? [scaleSchema] : []));
  const schemas = closure([...new Set([...kinds.map(ownName), ...parts, ...named])], kinds);
  const isCustom = kinds.some(({ builtin }) => !builtin);
  const described = withMetaKinds(schemas, metaKindVersions(isCustom ? 'custom' : at));
  return { openapi: '3.0.0', info: isCustom ? customInfo : info, paths, components: { schemas: described } };
}

function v2Of(kinds: KindRegistry): JsonObject {
  const all = kinds.all();
  const custom = all
    .filter((kind) => !kind.builtin)
    .flatMap((kind) => [
      [customSchemaName(kind), customSchema(kind)] as const,
      [customListSchemaName(kind), customListSchema(kind)] as const,
    ]);
  const builtin = Object.entries(readData('schemas.json')) as [string, JsonObject][]; // the generator writes JSON only
  const paths = { ...discoveryPaths(kinds.groups(), reference), ...allPaths(all) };
  const schemas = withMetaKinds(Object.fromEntries([...builtin, ...custom]), metaKindVersions('whole'));
  return v2Document({ info, paths, schemas });
}

const trimmed = (path: string): string => path.replace(/^\/|\/$/g, '');

/** The OpenAPI documents of all kinds, made when first asked for and anew when the kinds have changed. */
export class OpenApiDocuments {
  readonly #kinds: KindRegistry;
  /** Those of built-in groups never change. */
  readonly #builtin = new Map<string, ServedDocument>();
  readonly #changing = new Map<string, ServedDocument>();
  #revision = -1;

  constructor(kinds: KindRegistry) {
    this.#kinds = kinds;
  }

  /** `/openapi/v2`, with an ETag: kubectl asks for it again and again. */
  serveV2(exchange: Exchange): Promise<void> {
    const make = (): ServedDocument => new ServedDocument(v2Of(this.#kinds), [asJson, asProtobuf]);
    return this.#document('v2', make).serve(exchange);
  }

  /** `/openapi/v3`: which documents there are. */
  serveV3Index(exchange: Exchange, others: Readonly<Record<string, object>> = {}): Promise<void> {
    const paths = this.#names().map((name) => {
      const hash = this.#v3(name)?.hash ?? '';
      return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }] as const;
    });
    return sendTyped(exchange, 'text/plain; charset=utf-8', { paths: { ...Object.fromEntries(paths), ...others } });
  }

  /** `/openapi/v3/apis/GROUP/VERSION` and the like. */
  async serveV3(exchange: Exchange, name: string): Promise<void> {
    const document = this.#names().includes(name) ? this.#v3(name) : undefined;
    if (document) return document.serve(exchange);
    exchange.response.writeHead(404, { 'Content-Length': 0 }).end();
  }

  #isBuiltin(group: string): boolean {
    return this.#kinds
      .versionsOf(group)
      .every((version) => this.#kinds.inVersion(group, version).every(({ builtin }) => builtin));
  }

  /** A group with custom kinds has no document of its own. */
  #names(): string[] {
    const groups = this.#kinds.groups().flatMap(({ group, versions }) => {
      const root = group ? `apis/${group}` : 'api';
      return [...(this.#isBuiltin(group) ? [root] : []), ...versions.map((version) => `${root}/${version}`)];
    });
    return [...groups, 'apis', '.well-known/openid-configuration', 'openid/v1/jwks', 'version'].sort();
  }

  #v3(name: string): ServedDocument | undefined {
    const [root, first = '', second = ''] = name.split('/');
    const [group, version] = root === 'api' ? ['', first] : [first, second];
    const kinds = root === 'api' || root === 'apis' ? this.#kinds.inVersion(group, version) : [];
    const make = (): ServedDocument => {
      const discovery = discoveryPaths(this.#kinds.groups(), reference);
      const own = Object.entries(discovery).filter(([path]) => trimmed(path) === name);
      const isCustom = kinds.some(({ builtin }) => !builtin);
      const paths = { ...(isCustom ? {} : Object.fromEntries(own)), ...allPaths(kinds) };
      return new ServedDocument(v3Document(paths, kinds, { group, version }), [asJson]);
    };
    return this.#document(name, make);
  }

  #document(name: string, make: () => ServedDocument): ServedDocument {
    if (this.#revision !== this.#kinds.revision) this.#changing.clear();
    this.#revision = this.#kinds.revision;
    const [, group = ''] = name.split('/');
    const known =
      name !== 'v2' && this.#isBuiltin(name.startsWith('apis/') ? group : '') ? this.#builtin : this.#changing;
    let document = known.get(name);
    if (!document) known.set(name, (document = make()));
    return document;
  }
}
