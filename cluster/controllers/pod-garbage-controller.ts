import { isApiError, timestamp } from '@kit/base';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import { keyOf, splitKey } from '../reconcile/object-key.ts';
import type { Pod } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';

const orphanAfterMs = 40_000;

/** The pod ends as failed: whoever counts it must not take it for one that somebody removed. */
async function markAsLost({ client, clock }: ControllerContext, { metadata }: Pod): Promise<void> {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime: timestamp(clock.now()),
  };
  const body = { status: { phase: 'Failed', conditions: [condition] } };
  await client
    .patch(refs.pods, metadata.namespace, metadata.name, { type: 'strategic', body }, 'status')
    .catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
}

/** Removes pods that no node agent will ever finish: those bound to a node that is gone for a while. */
export function podGarbageController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const pods = informers.of<Pod>(refs.pods).addIndex('node', ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
  const nodes = informers.of(refs.nodes);
  const goneSinceMs = new Map<string, number>();
  const controller: QueueController = new QueueController(context, {
    name: 'pod-garbage',
    reconcile: async (key) => {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      const node = pod?.spec.nodeName;
      if (!pod || !node || nodes.get(undefined, node)) return;
      const since = goneSinceMs.get(node) ?? clock.now();
      goneSinceMs.set(node, since);
      const leftMs = since + orphanAfterMs - clock.now();
      if (leftMs > 0) return controller.queue.addAfter(key, leftMs);
      await markAsLost(context, pod);
      await client
        .delete(refs.pods, namespace, name, { uid: pod.metadata.uid, gracePeriodSeconds: 0 })
        .catch((error: unknown) => {
          if (!isApiError(error, 'NotFound')) throw error;
        });
    },
  });
  nodes.onChange(({ before, after }) => {
    if (!before && after) goneSinceMs.delete(after.metadata.name);
  });
  controller.feed(nodes, (node, { after }) => (after ? [] : pods.byIndex('node', node.metadata.name).map(keyOf)));
  return controller.feed(pods, (pod) => {
    const { nodeName } = pod.spec;
    return nodeName && !nodes.get(undefined, nodeName) ? [keyOf(pod)] : [];
  });
}
