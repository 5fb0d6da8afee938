export { routedRuntime } from './engine/routed-runtime.ts';
export { startEngineNode } from './engine/start-engine-node.ts';
export type { EngineNode } from './engine/start-engine-node.ts';
export { startSimulatedNodes } from './start-simulated-nodes.ts';
export type { SimulatedNodes, SimulatedNodesOptions } from './start-simulated-nodes.ts';
