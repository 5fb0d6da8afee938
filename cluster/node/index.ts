export { startSimulatedNodes } from './start-simulated-nodes.ts';
export type { SimulatedNodes, SimulatedNodesOptions } from './start-simulated-nodes.ts';
