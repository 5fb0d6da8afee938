import { isDeepStrictEqual } from 'node:util';
import { isApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import { apiVersionOf } from '@kit/kube';
import type { KubeClient, KubeObject, ResourceType } from '@kit/kube';
import type { BoundController } from './controller.ts';
import { runSteps } from './step.ts';
import type { Outcome } from './step.ts';

export interface ObjectRunnerDeps {
  readonly client: KubeClient;
  readonly clock: Clock;
}

/** Writes what the controller's kind keeps of an outcome, where that differs from what is there. */
function createStatusWriter(
  { type, status, fieldOwner }: BoundController['controller'],
  { client, clock }: ObjectRunnerDeps,
): (object: KubeObject, outcome: Outcome) => Promise<void> {
  return async (object, outcome) => {
    const next = status?.(object, outcome, clock.now());
    if (!next) return;
    const current = (object.status ?? {}) as Record<string, unknown>; // status is an object wherever it is a subresource
    if (Object.entries(next).every(([field, value]) => isDeepStrictEqual(value, current[field]))) return;
    const { name, namespace } = object.metadata;
    const apply = { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { name, namespace }, status: next };
    await client.apply(type, apply, { fieldManager: fieldOwner, force: true, subresource: 'status' });
  };
}

/** The view may be behind: an object deleted meanwhile needs nothing more. */
async function isGone(client: KubeClient, type: ResourceType, object: KubeObject): Promise<boolean> {
  const now = await client.find(type, object.metadata).catch(() => object); // not known: not gone
  return now?.metadata.uid !== object.metadata.uid;
}

/**
 * One run of a controller over one object: the finalizer before the first step, status once at the end, and the
 * finalizer away when a deleted object is finished.
 */
export function createObjectRunner(
  { controller, deps }: BoundController,
  { client, clock }: ObjectRunnerDeps,
): (object: KubeObject) => Promise<Outcome> {
  const { type, finalizer, finalize, steps, fieldOwner } = controller;
  const writeStatus = createStatusWriter(controller, { client, clock });

  /** The resourceVersion makes it fail rather than undo what another has done to the list meanwhile. */
  function setFinalizers(object: KubeObject, finalizers: readonly string[]): Promise<KubeObject> {
    const { resourceVersion } = object.metadata;
    const patch = { metadata: { finalizers, resourceVersion } };
    return client.patch(type, object.metadata, patch, { type: 'merge', fieldManager: fieldOwner });
  }

  async function finish(object: KubeObject): Promise<Outcome> {
    const finalizers = object.metadata.finalizers ?? [];
    if (!finalizer || !finalizers.includes(finalizer)) return { kind: 'done' };
    const outcome = await runSteps(finalize ?? [], object, deps);
    if (outcome.kind !== 'done') return outcome;
    await setFinalizers(
      object,
      finalizers.filter((one) => one !== finalizer),
    );
    return outcome;
  }

  async function make(given: KubeObject): Promise<Outcome> {
    const finalizers = given.metadata.finalizers ?? [];
    const missing = finalizer !== undefined && !finalizers.includes(finalizer);
    const object = missing ? await setFinalizers(given, [...finalizers, finalizer]) : given;
    const outcome = await runSteps(steps, object, deps);
    await writeStatus(object, outcome);
    return outcome;
  }

  return async (object) => {
    try {
      return await (object.metadata.deletionTimestamp ? finish(object) : make(object));
    } catch (error) {
      if (isApiError(error, 'NotFound') && (await isGone(client, type, object))) return { kind: 'done' };
      return { kind: 'failed', error };
    }
  };
}
