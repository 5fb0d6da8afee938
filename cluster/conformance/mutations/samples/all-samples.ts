import { clusterSamples } from './cluster-kinds.ts';
import { coreSamples } from './core.ts';
import { podSamples } from './pods.ts';
import { policySamples } from './policies.ts';
import type { Sample } from './sample.ts';
import { workloadSamples } from './workloads.ts';

/** Every object the probes start from, in the order they are probed. */
export const allSamples: readonly Sample[] = [
  ...coreSamples,
  ...podSamples,
  ...workloadSamples,
  ...clusterSamples,
  ...policySamples,
];
