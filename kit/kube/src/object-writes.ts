import type { KubeClient, RequestOptions, WriteOptions } from './client-api.ts';
import type { Ask } from './json-request.ts';
import { named } from './json-request.ts';
import { pathOf } from './path.ts';
import type { PatchType } from './types.ts';

const patchContentTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

function writeQuery({ query, dryRun, fieldManager }: WriteOptions): NonNullable<RequestOptions['query']> {
  return { ...query, fieldManager, dryRun: dryRun ? 'All' : undefined };
}

/** The part of the client that changes objects. */
export function objectWrites(ask: Ask): Pick<KubeClient, 'create' | 'update' | 'patch' | 'apply' | 'delete'> {
  // eslint-disable-next-line max-params -- kind, object, patch and how: no two of them are one thing
  const patch: KubeClient['patch'] = (type, key, body, given) =>
    ask({
      method: 'PATCH',
      path: pathOf(type, { ...key, subresource: given.subresource }),
      query: { ...writeQuery(given), force: given.type === 'apply' ? given.force : undefined },
      json: body,
      contentType: patchContentTypes[given.type],
      signal: given.signal,
    });

  return {
    patch,
    apply: (type, object, given) => patch(type, object.metadata, named(type, object), { ...given, type: 'apply' }),
    create(type, object, given = {}) {
      const { namespace, name } = object.metadata;
      const { subresource, signal } = given;
      const path = pathOf(type, subresource ? { namespace, name, subresource } : { namespace });
      return ask({ method: 'POST', path, query: writeQuery(given), json: named(type, object), signal });
    },
    update(type, object, given = {}) {
      const path = pathOf(type, { ...object.metadata, subresource: given.subresource });
      return ask({ method: 'PUT', path, query: writeQuery(given), json: named(type, object), signal: given.signal });
    },
    async delete(type, key, { query, signal, dryRun, ...body } = {}) {
      const json = { apiVersion: 'v1', kind: 'DeleteOptions', ...body };
      const dry = { ...query, dryRun: dryRun ? 'All' : undefined };
      await ask({ method: 'DELETE', path: pathOf(type, key), query: dry, json, signal });
    },
  };
}
