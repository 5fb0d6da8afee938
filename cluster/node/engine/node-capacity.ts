import type { EngineContainer } from './engine-pod.ts';
import type { EngineInfo } from './engine-types.ts';

/** What the engine's machine has, as quantities. */
export function capacityOf({ NCPU, MemTotal }: EngineInfo): { readonly cpu: string; readonly memory: string } {
  return { cpu: String(NCPU), memory: `${Math.floor(MemTotal / 1024)}Ki` };
}

/** The container as its own variables show it: without a limit, what the machine has is the limit. */
export function withCapacity(container: EngineContainer, info: EngineInfo): EngineContainer {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const shown = { cpu: requests['cpu'] ?? limits['cpu'] ?? '0', memory: requests['memory'] ?? limits['memory'] ?? '0' };
  return {
    ...container,
    resources: { requests: { ...requests, ...shown }, limits: { ...capacityOf(info), ...limits } },
  };
}
