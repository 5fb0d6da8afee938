import { api, isRequestError, type ProjectPlace, type Written } from '@kit/ui';
import type { KubeObject } from '@kit/kube';
import { hasSameContent, withKeptAnnotations } from '../../rules/object-content.ts';
import { kinds, kubeObjectPath, type Kind } from './kinds.ts';

/** A change that can be tried on the server before it is made. */
export type Change<T extends KubeObject = KubeObject> = (dryRun: boolean) => Promise<Written<T>>;

const manager = 'freehold-console';

function queryOf(dryRun: boolean) {
  return { fieldManager: manager, fieldValidation: 'Warn', dryRun: dryRun ? 'All' : undefined };
}

/** Which object a change is about. */
export interface Target {
  readonly at: ProjectPlace;
  readonly kind: Kind;
  readonly name: string;
}

/** Lays a strategic merge patch over the object. */
export function patching<T extends KubeObject>({ at, kind, name }: Target, patch: object): Change<T> {
  return (dryRun) => api.patch<T>(kubeObjectPath(at, kind, name), patch, { kind: 'strategic', query: queryOf(dryRun) });
}

/** Applies RFC 6902 operations; a `test` that does not hold means somebody was faster. */
export function operating<T extends KubeObject>({ at, kind, name }: Target, operations: readonly object[]): Change<T> {
  return (dryRun) => api.patch<T>(kubeObjectPath(at, kind, name), operations, { kind: 'json', query: queryOf(dryRun) });
}

const attempts = 3;

/**
 * Writes the whole object on top of `base`. Where only its status has moved since, it is written on top of that;
 * where somebody has changed it, the server's `Conflict` comes through.
 */
export function replacing<T extends KubeObject>(target: Target, object: T, base: T): Change<T> {
  const path = kubeObjectPath(target.at, target.kind, target.name);
  const whole = withKeptAnnotations(object, base);
  return async (dryRun) => {
    let { resourceVersion } = base.metadata;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await api.put<T>(
          path,
          { ...whole, metadata: { ...whole.metadata, resourceVersion } },
          { query: queryOf(dryRun) },
        );
      } catch (error) {
        if (!isRequestError(error, 'Conflict') || attempt === attempts) throw error;
        const newest = await api.get<T>(path);
        if (!hasSameContent(newest, base)) throw error;
        ({ resourceVersion } = newest.metadata);
      }
    }
  };
}

/** Deletes the object and, after it, what it owns. */
export function remove({ at, kind, name }: Target): Promise<unknown> {
  return api.delete(kubeObjectPath(at, kind, name), { query: { propagationPolicy: 'Background' } });
}

/** How many pods a deployment is to have. */
export function scaling(at: ProjectPlace, name: string, replicas: number): Change {
  return patching({ at, kind: kinds.deployment, name }, { spec: { replicas } });
}
