import type { Logger } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import { kindsOfCrd } from './kinds/custom-kind.ts';
import type { KindInfo } from './kinds/kind-info.ts';
import { readObject } from './store/stored-object.ts';
import type { KindRegistry } from './store/kind-registry.ts';
import { storageResource } from './store/kind-registry.ts';
import type { Storage } from './storage/storage.ts';
import type { Version } from './storage/version.ts';

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null;
}

function isEstablished(definition: ClusterObject): boolean {
  const { conditions } = (definition.status ?? {}) as Conditions; // the schema has checked it
  return (conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True');
}

/** Serves the kinds of every CustomResourceDefinition that is established, from now on and as they change. */
export function followCustomKinds(parts: { storage: Storage; kinds: KindRegistry; log: Logger }): () => void {
  const { storage, kinds, log } = parts;
  const definitions = kinds.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
  if (!definitions) return () => undefined;
  const served = new Map<string, string>();
  const follow = (version: Version, gone: boolean): void => {
    const { name } = version.key;
    const definition = readObject(definitions, version);
    const spec = gone || !isEstablished(definition) ? '' : JSON.stringify(definition.spec);
    if ((served.get(name) ?? '') === spec) return;
    if (spec === '') served.delete(name);
    else served.set(name, spec);
    kinds.setCustom(name, spec === '' ? [] : customKinds(definition, log));
  };
  const resource = storageResource(definitions);
  for (const version of storage.list(resource)) follow(version, false);
  return storage.watch(resource, storage.revision, ({ type, version }) => follow(version, type === 'DELETED'));
}

function customKinds(definition: ClusterObject, log: Logger): KindInfo[] {
  try {
    return kindsOfCrd(definition);
  } catch (error) {
    log.error('a custom resource definition cannot be served', { name: definition.metadata.name, error });
    return [];
  }
}
