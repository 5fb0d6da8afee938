import { isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf, controllerReference } from '../../reconcile/owners.ts';
import { isFinished, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { storageRefs } from './storage-kinds.ts';

interface Template {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: object;
}

interface PodWithTemplates extends Pod {
  spec: Omit<Pod['spec'], 'volumes'> & {
    volumes?: readonly { name: string; ephemeral?: { volumeClaimTemplate: Template } }[];
  };
}

function claimFor(pod: Pod, name: string, { metadata, spec }: Template): ClusterObject {
  const { labels, annotations } = metadata ?? {};
  const { namespace } = pod.metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(pod)],
    },
    spec,
  };
}

/** Makes the claims of volumes that live as long as their pod. */
export function ephemeralVolumeController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const events = context.recorder('ephemeral_volume');
  const pods = informers.of<PodWithTemplates>(refs.pods);
  const claims = informers.of(storageRefs.claims);

  async function ensure(pod: Pod, volume: string, template: Template): Promise<void> {
    const { namespace = '', name } = pod.metadata;
    const claimName = `${name}-${volume}`;
    const known = claims.get(namespace, claimName);
    if (!known) return void claims.observe(await client.create(storageRefs.claims, claimFor(pod, claimName, template)));
    if (controllerOf(known)?.uid === pod.metadata.uid) return;
    const problem = `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${name} (pod is not owner)`;
    events.record(pod, { type: 'Warning', reason: 'FailedBinding', message: `ephemeral volume ${volume}: ${problem}` });
  }

  async function reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    if (!pod || pod.metadata.deletionTimestamp || isFinished(pod)) return;
    for (const { name: volume, ephemeral } of pod.spec.volumes ?? []) {
      if (!ephemeral) continue;
      await ensure(pod, volume, ephemeral.volumeClaimTemplate).catch((error: unknown) => {
        if (!isApiError(error, 'AlreadyExists')) throw error;
      });
    }
  }

  return new QueueController(context, { name: 'ephemeral-volume-controller', reconcile })
    .feed(pods, (pod) => (pod.spec.volumes?.some(({ ephemeral }) => ephemeral) ? [keyOf(pod)] : []))
    .feed(claims, (claim) => {
      const owner = controllerOf(claim);
      return owner?.kind === 'Pod' ? [`${claim.metadata.namespace ?? ''}/${owner.name}`] : [];
    });
}
