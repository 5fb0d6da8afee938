import { ApiError, isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { StageAction } from './stage-step.ts';

export interface Performing {
  readonly client: ClusterClient;
  readonly ref: ResourceRef;
  readonly object: ClusterObject;
  readonly events: EventRecorder;
  /** The resource of an apiVersion and kind the server serves now. */
  readonly resourceOf: (
    apiVersion: string,
    kind: string,
  ) => (ResourceRef & { readonly namespaced: boolean }) | undefined;
}

type Doing<Name extends StageAction['does']> = Extract<StageAction, { does: Name }>;

/** Does what a step asks for; answers the object when it was patched. */
export async function performAction(performing: Performing, action: StageAction): Promise<ClusterObject | undefined> {
  const { client, ref, object, events } = performing;
  const { namespace, name } = object.metadata;
  switch (action.does) {
    case 'event': {
      const { type, reason = '', message = '' } = action.event;
      events.record(object, { type: type === 'Warning' ? 'Warning' : 'Normal', reason, message });
      return undefined;
    }
    case 'delete':
      await client.delete(ref, namespace, name, { gracePeriodSeconds: 0 });
      return undefined;
    case 'patch': {
      const { type, body, subresource, as } = action;
      return actingAs(client, as).patch(ref, namespace, name, { type, body }, subresource);
    }
    case 'apply':
      await apply(performing, action);
      return undefined;
  }
}

const actingAs = (client: ClusterClient, user: string | undefined): ClusterClient =>
  user === undefined ? client : client.as(user);

/** Creates the object, or brings the one there is to what it says. */
async function apply({ client, resourceOf, object }: Performing, action: Doing<'apply'>): Promise<void> {
  const { object: made, subresource, as } = action;
  const ref = resourceOf(made.apiVersion, made.kind);
  if (!ref) throw new ApiError('NotFound', `the server does not serve ${made.kind} of ${made.apiVersion}`);
  const namespace = ref.namespaced ? (made.metadata.namespace ?? object.metadata.namespace) : undefined;
  const wanted = { ...made, metadata: { ...made.metadata, ...(namespace !== undefined && { namespace }) } };
  const acting = actingAs(client, as);
  const type = action.type === 'strategic' ? 'strategic' : 'merge';
  const patch = (): Promise<ClusterObject> =>
    acting.patch(ref, namespace, made.metadata.name, { type, body: wanted }, subresource);
  if (subresource !== undefined) return void (await patch());
  try {
    await acting.create(ref, wanted);
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
    await patch();
  }
}
