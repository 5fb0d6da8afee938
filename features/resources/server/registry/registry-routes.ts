import { ApiError } from '@kit/base';
import { defineRoute, type Permission, type Route, type User } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import { Type } from 'typebox';
import { credentialFor, credentialsIn } from '../../rules/docker-config.ts';
import { imageReference } from '../../rules/image-reference.ts';
import { outboundFetch, type OutboundFetch } from '../outbound/outbound-fetch.ts';
import type { ResourcesParts } from '../parts.ts';
import { RegistryClient, type Image } from './registry-client.ts';

const v2 = '/kapis/resources.kubesphere.io/v1alpha2';
const v3 = '/kapis/resources.kubesphere.io/v1alpha3/namespaces/{namespace}';
const permission: Permission = { by: 'rbac' };
const tag = 'Registries';
const params = Type.Object({ namespace: Type.String() });
const insecureAnnotation = 'secret.kubesphere.io/force-insecure';

type Secret = KubeObject & { data?: Record<string, string>; type?: string };

interface Asked {
  readonly user: User;
  readonly namespace: string | undefined;
  readonly secret: string | undefined;
}

/** The Secret a caller names, if they may read it: to use a credential is to have it. */
async function secretFor(
  { kube, access }: ResourcesParts,
  { user, namespace, secret: name }: Asked,
): Promise<Secret | undefined> {
  if (!name) return undefined;
  if (!namespace) throw new ApiError('BadRequest', 'namespace: say in which project the secret is');
  access.check(user, { verb: 'get', group: '', resource: 'secrets', namespace, name });
  return kube.get<Secret>(kinds.secrets, { namespace, name });
}

interface At {
  readonly fetch: OutboundFetch;
  readonly secret: Secret | undefined;
  readonly insecure?: boolean;
}

function clientFor({ fetch, secret, insecure }: At, registry: string): RegistryClient {
  const skips = insecure === true || secret?.metadata.annotations?.[insecureAnnotation] === 'true';
  const credential = credentialFor(secret?.data ?? {}, registry);
  return new RegistryClient(fetch, {
    host: registry,
    credential,
    insecure: skips,
    plain: credential?.server.startsWith('http://') === true,
  });
}

async function imageOf(at: At, name: string): Promise<Image & { registry: string; tag: string }> {
  const image = imageReference(name);
  return {
    ...(await clientFor(at, image.registry).image(image)),
    registry: image.registry,
    tag: `${image.repository}:${image.reference}`,
  };
}

async function verifySecret(fetch: OutboundFetch, secret: Secret): Promise<void> {
  const credentials = credentialsIn(secret.data ?? {});
  if (credentials.length === 0)
    throw new ApiError('BadRequest', 'data: the secret holds no credential of a registry in .dockerconfigjson');
  for (const { server, ...credential } of credentials) {
    const insecure = secret.metadata.annotations?.[insecureAnnotation] === 'true';
    const host = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    await new RegistryClient(fetch, { host, credential, insecure, plain: server.startsWith('http://') }).verify();
  }
}

const anything = Type.Record(Type.String(), Type.Unknown());

function olderRoutes(parts: ResourcesParts, fetch: OutboundFetch): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: `${v2}/registry/verify`,
      scope: 'cluster',
      permission,
      summary: 'Say whether a registry takes a user name and password',
      tag,
      body: Type.Object({
        username: Type.String(),
        password: Type.String(),
        serverhost: Type.String({ minLength: 1 }),
      }),
      responses: { 200: Type.Object({ message: Type.String() }) },
      handle: async ({ body: { username, password, serverhost } }) => {
        const host = serverhost.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
        const plain = serverhost.startsWith('http://');
        await new RegistryClient(fetch, { host, credential: { username, password }, plain }).verify();
        return { message: 'success' };
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${v2}/registry/blob`,
      scope: 'cluster',
      permission,
      summary: 'Read the manifest and configuration of an image from its registry',
      tag,
      query: Type.Object({
        image: Type.String(),
        namespace: Type.Optional(Type.String()),
        secret: Type.Optional(Type.String()),
        insecure: Type.Optional(Type.Boolean()),
      }),
      responses: {
        200: Type.Object({
          status: Type.String(),
          registry: Type.String(),
          imageTag: Type.String(),
          imageManifest: anything,
          imageBlob: anything,
        }),
      },
      handle: async ({ user, query: { image, namespace, secret: name, insecure = false } }) => {
        const secret = await secretFor(parts, { user, namespace, secret: name });
        const found = await imageOf({ fetch, secret, insecure }, image);
        return {
          status: 'succeeded',
          registry: found.registry,
          imageTag: found.tag,
          imageManifest: found.manifest as Record<string, unknown>, // cast: the fields of a manifest
          imageBlob: found.config,
        };
      },
    }),
  ];
}

const shared = { scope: 'project', permission, tag } as const;

function imageConfigRoute(parts: ResourcesParts, fetch: OutboundFetch): Route {
  return defineRoute({
    ...shared,
    method: 'GET',
    path: `${v3}/imageconfig`,
    summary: 'Read the configuration of an image from its registry',
    params,
    query: Type.Object({ image: Type.String(), secret: Type.Optional(Type.String()) }),
    responses: { 200: Type.Object({ ConfigFile: anything }) },
    handle: async ({ user, params: { namespace }, query }) => {
      const secret = await secretFor(parts, { user, namespace, secret: query.secret });
      return { ConfigFile: (await imageOf({ fetch, secret }, query.image)).config };
    },
  });
}

function tagsRoute(parts: ResourcesParts, fetch: OutboundFetch): Route {
  return defineRoute({
    ...shared,
    method: 'GET',
    path: `${v3}/repositorytags`,
    summary: 'List the tags of an image in its registry',
    params,
    query: Type.Object({
      repository: Type.String(),
      secret: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: -1 })),
      page: Type.Optional(Type.Integer({ minimum: 1 })),
    }),
    responses: {
      200: Type.Object({
        registry: Type.String(),
        repository: Type.String(),
        tags: Type.Array(Type.String()),
        total: Type.Integer(),
      }),
    },
    handle: async ({
      user,
      params: { namespace },
      query: { repository: name, secret: secretName, limit = -1, page = 1 },
    }) => {
      const { registry, repository } = imageReference(name);
      const secret = await secretFor(parts, { user, namespace, secret: secretName });
      const all = await clientFor({ fetch, secret }, registry).tags(repository);
      const tags = limit < 0 ? all : all.slice((page - 1) * limit, page * limit);
      return { registry, repository, tags, total: all.length };
    },
  });
}

function verifySecretRoute(fetch: OutboundFetch): Route {
  return defineRoute({
    ...shared,
    method: 'POST',
    path: `${v3}/registrysecrets/{secret}/verify`,
    summary: 'Say whether the registries take the credentials of a secret, which need not be stored yet',
    params: Type.Object({ ...params.properties, secret: Type.String() }),
    body: Type.Object({
      data: Type.Optional(Type.Record(Type.String(), Type.String())),
      metadata: Type.Optional(Type.Object({})),
    }),
    responses: { 200: Type.Object({}) },
    handle: async ({ body, params: { namespace, secret: name } }) => {
      const given = body as Partial<Secret>; // a Secret as far as the schema looked
      const secret: Secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        ...given,
        metadata: { ...given.metadata, name, namespace },
      };
      await verifySecret(fetch, secret);
      return secret;
    },
  });
}

/** What registries say of images and credentials (resources.kubesphere.io v1alpha2 and v1alpha3). */
export function registryRoutes(parts: ResourcesParts, fetch = outboundFetch(parts.outbound)): Route[] {
  return [
    ...olderRoutes(parts, fetch),
    imageConfigRoute(parts, fetch),
    tagsRoute(parts, fetch),
    verifySecretRoute(fetch),
  ];
}
