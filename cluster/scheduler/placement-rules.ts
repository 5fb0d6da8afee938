import { interPodAffinity } from './filters/inter-pod-affinity.ts';
import { nodeAffinity, nodePorts, nodeUnschedulable, taintToleration } from './filters/node-filters.ts';
import { resourcesFit } from './filters/resources-fit.ts';
import { topologySpread } from './filters/topology-spread.ts';
import type { PlacementRules } from './place-pod.ts';
import { neighbourScore } from './scores/neighbour-score.ts';
import {
  balancedAllocation,
  imageLocality,
  leastAllocated,
  nodeAffinityScore,
  taintScore,
} from './scores/node-scores.ts';
import { type SiblingsOf, spreadScore } from './scores/spread-score.ts';
import { volumeFilters } from './volumes/volume-filters.ts';
import type { VolumeView } from './volumes/volume-view.ts';

/** What decides where pods go. A node is refused by the first filter that finds a reason. */
export function placementRules(volumes: VolumeView, siblingsOf: SiblingsOf): PlacementRules {
  return {
    filters: [
      nodeUnschedulable,
      taintToleration,
      nodeAffinity,
      nodePorts,
      resourcesFit,
      ...volumeFilters(volumes),
      topologySpread,
      interPodAffinity,
    ],
    scorers: [
      taintScore,
      nodeAffinityScore,
      leastAllocated,
      spreadScore(siblingsOf),
      neighbourScore,
      balancedAllocation,
      imageLocality,
    ],
  };
}
