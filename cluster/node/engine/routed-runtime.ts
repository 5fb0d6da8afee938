import type { NodeRuntime } from '../../node-runtime.ts';
import type { EngineRuntime } from './engine-runtime.ts';

/** One runtime of a cluster that has simulated nodes besides the one with an engine. */
export function routedRuntime(engine: EngineRuntime, others: NodeRuntime): NodeRuntime {
  const of = (pod: Parameters<EngineRuntime['has']>[0]): NodeRuntime => (engine.has(pod) ? engine : others);
  return {
    logs: (pod, options) => of(pod).logs(pod, options),
    exec: (pod, request) => of(pod).exec(pod, request),
    attach: (pod, request) => of(pod).attach(pod, request),
    portForward: (pod) => of(pod).portForward(pod),
    dial: (pod, port) => of(pod).dial(pod, port),
    stats: async (node) => {
      if (node !== undefined) return node === engine.node ? engine.stats(node) : others.stats(node);
      return (await Promise.all([engine.stats(), others.stats()])).flat();
    },
    nodeApi: (node, request) => (node === engine.node ? engine : others).nodeApi(node, request),
  };
}
