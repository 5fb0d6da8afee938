import type { ListedContainer } from './engine-types.ts';
import { EngineContainers } from './engine-containers.ts';
import type { Engine } from './find-engine.ts';
import { networkName, removePodNetwork } from './pod-network.ts';
import { runCommand } from './run-command.ts';

const label = { cluster: 'cluster.local/temporary-cluster', process: 'cluster.local/process' } as const;

/** What marks a cluster that ends with this process, and is never started again. */
export function temporaryLabels(cluster: string): Record<string, string> {
  return { [label.cluster]: cluster, [label.process]: String(process.pid) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is somebody else's
  }
}

/** Removes what is left of temporary clusters whose process was killed. */
export async function removeAbandoned(engine: Engine): Promise<void> {
  const query = { all: true, filters: JSON.stringify({ label: [label.cluster] }) };
  const holders = await engine.client.json<ListedContainer[]>('GET', '/containers/json', { query });
  for (const { Labels = {} } of holders) {
    const cluster = Labels[label.cluster] ?? '';
    if (isAlive(Number(Labels[label.process]))) continue;
    await new EngineContainers(engine, cluster).removeAll();
    await removePodNetwork(engine, networkName(cluster));
    await runCommand('nft', ['delete', 'table', 'ip', networkName(cluster)]).catch(() => undefined); // there may be none
  }
}
