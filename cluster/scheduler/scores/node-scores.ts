import type { ClusterState } from '../cluster-state.ts';
import { prefers } from '../node-affinity.ts';
import type { NodeState } from '../node-state.ts';
import type { Scorer } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { tolerates } from '../tolerations.ts';

const most = 100;

/** The counts as shares of the highest one. */
export function normalised(counts: readonly number[], order: 'more is better' | 'less is better'): number[] {
  const highest = Math.max(...counts);
  const isReverse = order === 'less is better';
  if (highest === 0) return counts.map(() => (isReverse ? most : 0));
  return counts.map((count) => {
    const share = Math.floor((most * count) / highest);
    return isReverse ? most - share : share;
  });
}

/** Nodes with fewer taints that advise against the pod are better. */
export const taintScore: Scorer = {
  name: 'TaintToleration',
  weight: 3,
  score({ pod }, nodes) {
    if (nodes.every(({ advising }) => advising.length === 0)) return undefined;
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    const counts = nodes.map(({ advising }) => advising.filter((taint) => !tolerates(tolerations, taint)).length);
    return normalised(counts, 'less is better');
  },
};

export const nodeAffinityScore: Scorer = {
  name: 'NodeAffinity',
  weight: 2,
  score({ pod }, nodes) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return undefined;
    const counts = nodes.map((node) =>
      preferred.reduce((sum, { weight, preference }) => sum + (prefers(node, preference) ? weight : 0), 0),
    );
    return normalised(counts, 'more is better');
  },
};

function freeShare(capacity: number, taken: number): number {
  return taken > capacity ? 0 : Math.floor(((capacity - taken) * most) / capacity);
}

/** Of CPU and memory, those that the node has. */
function freeShares({ allocatable, assumed: used }: NodeState, cpu: number, memory: number): number {
  const { cpu: allCpu = 0, memory: allMemory = 0 } = allocatable;
  const ofCpu = allCpu > 0 ? freeShare(allCpu, used.cpu + cpu) : undefined;
  const ofMemory = allMemory > 0 ? freeShare(allMemory, used.memory + memory) : undefined;
  if (ofCpu === undefined || ofMemory === undefined) return ofCpu ?? ofMemory ?? 0;
  return Math.floor((ofCpu + ofMemory) / 2);
}

/** Nodes with more CPU and memory left are better. */
export const leastAllocated: Scorer = {
  name: 'NodeResourcesFit',
  weight: 1,
  score: ({ assumed }, nodes) => nodes.map((node) => freeShares(node, assumed.cpu, assumed.memory)),
};

function balance({ allocatable }: NodeState, cpu: number, memory: number): number {
  if (!allocatable.cpu || !allocatable.memory) return most;
  const ofCpu = Math.min(1, cpu / allocatable.cpu);
  const ofMemory = Math.min(1, memory / allocatable.memory);
  return Math.floor((1 - Math.abs((ofCpu - ofMemory) / 2)) * most);
}

/** Nodes whose CPU and memory the pod brings closer to equally used are better. */
export const balancedAllocation: Scorer = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  score({ request }, nodes) {
    const { cpu = 0, memory = 0 } = request;
    if (cpu === 0 && memory === 0) return undefined;
    return nodes.map((node) => {
      const { cpu: usedCpu = 0, memory: usedMemory = 0 } = node.requested;
      const gain = balance(node, usedCpu + cpu, usedMemory + memory) - balance(node, usedCpu, usedMemory);
      return most / 2 + Math.trunc((most / 2 + gain) / 2);
    });
  },
};

const megabyte = 1024 * 1024;
const smallestImages = 23 * megabyte;
const largestImage = 1000 * megabyte;

function withTag(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}

function imageSizes({ node }: NodeState): ReadonlyMap<string, number> {
  return new Map(
    (node.status?.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) => names.map((name) => [name, sizeBytes])),
  );
}

/** Nodes that have the pod's images, in so far as not only they have them, are better. */
export const imageLocality: Scorer = {
  name: 'ImageLocality',
  weight: 1,
  score({ pod }: PodInfo, nodes, cluster: ClusterState) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const images = containers
      .map(({ image = '' }) => withTag(image))
      .filter((image) => cluster.nodesWithImage(image) > 0);
    if (images.length === 0) return undefined;
    const largest = largestImage * containers.length;
    return nodes.map((node) => {
      const sizes = imageSizes(node);
      const sum = images.reduce((total, image) => {
        const spread = cluster.nodesWithImage(image) / cluster.nodes.length;
        return total + Math.floor((sizes.get(image) ?? 0) * spread);
      }, 0);
      const counted = Math.min(Math.max(sum, smallestImages), largest);
      return Math.floor((most * (counted - smallestImages)) / (largest - smallestImages));
    });
  },
};
