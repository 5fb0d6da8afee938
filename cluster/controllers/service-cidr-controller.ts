import type { ClusterObject } from '../client.ts';
import { type Controller, type ControllerContext, QueueController } from '../reconcile/controller.ts';
import { type Condition, findCondition, withCondition } from '../reconcile/conditions.ts';
import { refs } from '../reconcile/resource-refs.ts';

interface ServiceCidr extends ClusterObject {
  readonly status?: { readonly conditions?: Condition[] };
}

const ready: Condition = { type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' };

/** Says of each range of Service addresses that it can be used. */
export function serviceCidrController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const ranges = informers.of<ServiceCidr>(refs.serviceCidrs);
  const controller = new QueueController(context, {
    name: 'service-cidr',
    reconcile: async (name) => {
      const range = ranges.get(undefined, name);
      if (!range || range.metadata.deletionTimestamp) return;
      if (findCondition(range.status?.conditions, ready.type)?.status === ready.status) return;
      const now = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
      const status = { ...range.status, conditions: withCondition(range.status?.conditions, ready, now) };
      ranges.observe(await client.update(refs.serviceCidrs, { ...range, status }, 'status'));
    },
  });
  return controller.feed(ranges, ({ metadata }) => [metadata.name]);
}
