import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import { refs } from '../../reconcile/resource-refs.ts';

const annotation = 'node.alpha.kubernetes.io/ttl';

/** Up to how many nodes a machine may use what it knows for how many seconds. */
const lifetimes = [
  { nodes: 100, seconds: 0 },
  { nodes: 500, seconds: 15 },
  { nodes: 1_000, seconds: 30 },
  { nodes: 2_000, seconds: 60 },
];
const longestSeconds = 300;

/** Tells each new node for how long it may use what it knows of config maps and secrets. */
export function nodeTtlController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const nodes = informers.of(refs.nodes);
  const controller = new QueueController(context, {
    name: 'ttl',
    reconcile: async (name) => {
      const node = nodes.get(undefined, name);
      if (!node || node.metadata.annotations?.[annotation] !== undefined) return;
      const count = nodes.size;
      const seconds = lifetimes.find((step) => count <= step.nodes)?.seconds ?? longestSeconds;
      const body = { metadata: { annotations: { [annotation]: String(seconds) } } };
      nodes.observe(await client.patch(refs.nodes, undefined, name, { type: 'strategic', body }));
    },
  });
  return controller.feed(nodes, ({ metadata }, { before, after }) =>
    before && after?.metadata.annotations?.[annotation] !== undefined ? [] : [metadata.name],
  );
}
