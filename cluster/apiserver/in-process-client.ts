import { ApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ClusterWatchEvent, ResourceRef } from '../client.ts';
import type { ApiServerParts } from './api-server-parts.ts';
import { ConversionQueue } from './conversion/conversion-queue.ts';
import { readAs, versionAs } from './conversion/stored-versions.ts';
import { refusal } from './auth/attributes.ts';
import type { KindInfo } from './kinds/kind-info.ts';
import { setOwn } from './patch/merge-patch.ts';
import type { Json, JsonObject } from './schema/schema.ts';
import { readScale } from './operations/scale.ts';
import { createResource, patchResource, postSubresource, replaceResource } from './operations/write-object.ts';
import { forbidden, noSuchResource, notFound } from './store/api-errors.ts';
import { deleteObject } from './store/delete-object.ts';
import { listObjects, parseRevision } from './store/list-objects.ts';
import { select } from './store/selection.ts';
import { keyOf, readObject } from './store/stored-object.ts';
import { watchObjects } from './store/watch-objects.ts';
import type { Change } from './store/watch-objects.ts';
import type { Caller, Target, WriteContext } from './store/write-request.ts';
import { Turns } from './turns.ts';

type Names = { readonly namespace?: string; readonly name?: string; readonly subresource?: string };

/**
 * The cluster's own users' door to the API server: everything but the socket is as over HTTPS. However much they have
 * to write, others get their turns.
 */
export class InProcessClient implements ClusterClient {
  readonly #parts: ApiServerParts;
  readonly #caller: Caller;
  readonly #turns: Turns;

  constructor(parts: ApiServerParts, caller: Caller, turns = new Turns()) {
    this.#parts = parts;
    this.#caller = caller;
    this.#turns = turns;
  }

  as(user: string, groups: readonly string[] = []): ClusterClient {
    const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
    const own = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
    const caller = { name: user, groups: [...groups, ...own, 'system:authenticated'] };
    return new InProcessClient(this.#parts, caller, this.#turns);
  }

  // async, so that a refusal rejects as any other failure does
  // eslint-disable-next-line max-params -- the interface names the place of an object before what is asked of it
  async get(
    ref: ResourceRef,
    namespace: string | undefined,
    name: string,
    subresource?: 'scale',
  ): Promise<ClusterObject> {
    const target = this.#target('get', ref, { namespace, name, subresource });
    if (subresource) return readScale(this.#parts, target);
    if (target.kind.computed) return target.kind.computed.get(target.namespace, name);
    const version = this.#parts.storage.get(keyOf(target.kind, target.namespace, name));
    if (!version) throw notFound(target.kind, name);
    const { kind } = target;
    return kind.conversion ? readAs(this.#parts, kind, version) : readObject(kind, version);
  }

  async scale(ref: ResourceRef, namespace: string | undefined, name: string): Promise<ClusterObject> {
    const target = this.#target('get', ref, { namespace, name, subresource: 'scale' });
    if (!target.kind.subresources.some((part) => part.name === 'scale')) throw noSuchResource();
    return readScale(this.#parts, target);
  }

  async list(
    ref: ResourceRef,
    options: { namespace?: string; labelSelector?: string; fieldSelector?: string } = {},
  ): Promise<{ items: ClusterObject[]; resourceVersion: string }> {
    const { kind } = this.#target('list', ref, { namespace: options.namespace });
    const { versions, revision } = await listObjects(this.#parts, select(kind, options), {});
    return { items: versions.map((version) => readObject(kind, version)), resourceVersion: String(revision) };
  }

  async create(ref: ResourceRef, object: ClusterObject): Promise<ClusterObject> {
    const turn = this.#turns.next();
    if (turn) await turn;
    const target = this.#target('create', ref, { namespace: object.metadata.namespace });
    return asObject(await createResource(this.#parts, target, { object: asJson(object), context: this.#context() }));
  }

  async update(ref: ResourceRef, object: ClusterObject, subresource?: string): Promise<ClusterObject> {
    const { namespace, name } = object.metadata;
    const turn = this.#turns.next();
    if (turn) await turn;
    const target = this.#target('update', ref, { namespace, name, subresource });
    return asObject(await replaceResource(this.#parts, target, { object: asJson(object), context: this.#context() }));
  }

  // eslint-disable-next-line max-params -- the interface names the place of an object before what is done to it
  async patch(
    ref: ResourceRef,
    namespace: string | undefined,
    name: string,
    patch: { type: 'merge' | 'strategic' | 'json'; body: unknown },
    subresource?: string,
  ): Promise<ClusterObject> {
    const turn = this.#turns.next();
    if (turn) await turn;
    const target = this.#target('patch', ref, { namespace, name, subresource });
    const { type, body } = patch;
    return asObject(
      await patchResource(this.#parts, target, {
        patch: { type, body: asJson(body as Json) }, // anything else fails in asJson
        context: this.#context(),
      }),
    ); // the patch formats check what they are given
  }

  // eslint-disable-next-line max-params -- the interface names the place of an object before what is done to it
  async post(
    ref: ResourceRef,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: unknown,
  ): Promise<ClusterObject> {
    const turn = this.#turns.next();
    if (turn) await turn;
    const target = this.#target('create', ref, { namespace, name, subresource });
    return asObject(
      await postSubresource(this.#parts, target, { object: asJson(body as ClusterObject), context: this.#context() }), // the store gives it its shape
    ); // the subresource checks what it is given
  }

  // eslint-disable-next-line max-params -- the interface names the place of an object before what is done to it
  async delete(
    ref: ResourceRef,
    namespace: string | undefined,
    name: string,
    options: { uid?: string; gracePeriodSeconds?: number; propagationPolicy?: string } = {},
  ): Promise<void> {
    const turn = this.#turns.next();
    if (turn) await turn;
    const target = this.#target('delete', ref, { namespace, name });
    const { uid, gracePeriodSeconds, propagationPolicy } = options;
    const deletion = { gracePeriodSeconds, propagationPolicy, ...(uid && { preconditions: { uid } }) };
    await deleteObject(this.#parts, target, { options: deletion, caller: this.#caller, dryRun: false });
  }

  watch(ref: ResourceRef, resourceVersion: string, onEvent: (event: ClusterWatchEvent) => void): () => void {
    const { kind } = this.#target('watch', ref, {});
    try {
      return watchObjects(this.#parts.storage, select(kind, {}), {
        revision: resourceVersion === '' || resourceVersion === '0' ? undefined : parseRevision(resourceVersion),
        onChange: this.#reader(kind, onEvent),
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      queueMicrotask(() => onEvent({ type: 'ERROR', object: errorObject(error) }));
      return () => undefined;
    }
  }

  /** Shows changes in the version of the kind, in their order. */
  #reader(kind: KindInfo, onEvent: (event: ClusterWatchEvent) => void): (change: Change) => void {
    if (!kind.conversion) {
      return ({ type, version }) =>
        onEvent({ type, object: version.sharedAs(kind, () => withoutManagers(readObject(kind, version))) });
    }
    const waiting = new ConversionQueue({
      error: (error) => onEvent({ type: 'ERROR', object: errorObject(error as ApiError) }), // all that conversion throws
    });
    return ({ type, version }) =>
      waiting.add(versionAs(this.#parts, kind, version), (shown) =>
        onEvent({ type, object: withoutManagers(readObject(kind, shown)) }),
      );
  }

  resources(): readonly (ResourceRef & {
    version: string;
    kind: string;
    namespaced: boolean;
    verbs: readonly string[];
  })[] {
    const { kinds } = this.#parts;
    return kinds.all().filter((kind) => kinds.preferred(kind.group, kind.resource) === kind);
  }

  onResourcesChanged(onChange: () => void): () => void {
    return this.#parts.kinds.onChange(onChange);
  }

  #context(): WriteContext {
    return {
      caller: this.#caller,
      dryRun: false,
      fieldManager: managerOf(this.#caller),
      fieldValidation: 'Ignore',
      warnings: [],
    };
  }

  /** The target of a request that the caller may make. */
  #target(verb: string, ref: ResourceRef, names: Names): Target {
    const kind = this.#parts.kinds.preferred(ref.group, ref.resource);
    if (!kind)
      throw new ApiError('NotFound', `the server has no resource "${ref.resource}" in the API group "${ref.group}"`);
    const { name = '', subresource = '' } = names;
    const namespace = kind.namespaced ? (names.namespace ?? '') : '';
    this.#authorize(kind, { verb, group: ref.group, resource: ref.resource, subresource, namespace, name });
    return { kind, namespace, name, ...(subresource && { subresource }) };
  }

  #authorize(kind: KindInfo, attributes: Parameters<typeof refusal>[1] & { name: string }): void {
    const decision = this.#parts.authorizer.decide(this.#caller, attributes);
    if (decision.allowed) return;
    throw forbidden(kind, attributes.name, refusal(this.#caller, attributes, decision));
  }
}

/** `system:serviceaccount:kube-system:deployment-controller` writes as `deployment-controller`, a node as its kubelet. */
function managerOf({ name }: Caller): string {
  if (name.startsWith('system:node:')) return 'kubelet';
  return name === 'system:apiserver' ? 'kube-apiserver' : (name.split(':').at(-1) ?? name);
}

/** What JSON would make of a value, without writing it down; a value that says itself how it is written has its way. */
function cloneSent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return isJson(value) ? value : null;
  if (Array.isArray(value)) return value.map((item) => cloneSent(item));
  const { toJSON } = value as { toJSON?: unknown }; // most have none
  if (typeof toJSON === 'function') return JSON.parse(JSON.stringify(value));
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || typeof item === 'function') continue;
    setOwn(copy as JsonObject, name, cloneSent(item) as Json); // what JSON has
  }
  return copy;
}

const isJson = (value: unknown): boolean => typeof value !== 'number' || Number.isFinite(value);

/** The caller's object as a request would bring it: a copy, without what JSON does not have. */
function asJson<T>(value: T): T {
  return cloneSent(value) as T; // the same but for undefined
}

/** Who manages which field is most of the memory of an object, and no watcher of this process asks for it. */
function withoutManagers(object: ClusterObject): ClusterObject {
  const { managedFields: _managers, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function asObject({ body }: { body: unknown }): ClusterObject {
  return body as ClusterObject; // a Status has kind and apiVersion too
}

function errorObject(error: ApiError): ClusterObject {
  const { reason, code, message } = error;
  return { kind: 'Status', apiVersion: 'v1', metadata: { name: '' }, status: 'Failure', reason, code, message };
}
