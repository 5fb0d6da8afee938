import { describe, expect, it } from 'vitest';
import { podSums, type PodSums, type PodWithResources } from './pod-sums.ts';

const needs = (cpu: string, memory: string, restartPolicy?: string) => ({
  resources: { requests: { cpu, memory } },
  ...(restartPolicy ? { restartPolicy } : {}),
});

describe('podSums', () => {
  const cases: readonly { pod: PodWithResources; sums: Partial<PodSums>; why: string }[] = [
    { pod: {}, sums: { cpuRequests: 0, memoryLimits: 0 }, why: 'a pod that says nothing' },
    {
      pod: { spec: { containers: [needs('250m', '64Mi'), needs('1', '1G')] } },
      sums: { cpuRequests: 1250, memoryRequests: 67108864 + 1e9 },
      why: 'containers run together',
    },
    {
      pod: { spec: { containers: [needs('100m', '10Mi')], initContainers: [needs('2', '5Mi'), needs('1', '5Mi')] } },
      sums: { cpuRequests: 2000, memoryRequests: 10485760 },
      why: 'init containers run one by one, before',
    },
    {
      pod: { spec: { containers: [needs('1', '1')], initContainers: [needs('1', '1', 'Always'), needs('3', '1')] } },
      sums: { cpuRequests: 4000, memoryRequests: 2 },
      why: 'a sidecar runs beside what comes after it',
    },
    {
      pod: { spec: { containers: [needs('1', '1')], overhead: { cpu: '250m' } } },
      sums: { cpuRequests: 1250 },
      why: 'what the runtime takes',
    },
    {
      pod: { spec: { containers: [needs('1', '1')] }, status: { phase: 'Succeeded' } },
      sums: { cpuRequests: 0 },
      why: 'who has ended takes nothing',
    },
    {
      pod: { spec: { containers: [{ resources: { limits: { cpu: '1500u', memory: 'x' } } }] } },
      sums: { cpuLimits: 2, memoryLimits: 0, cpuRequests: 0 },
      why: 'part of a thousandth counts as one; what cannot be read, as nothing',
    },
  ];
  it.each(cases)('$why', ({ pod, sums }) => {
    expect(podSums(pod)).toMatchObject(sums);
  });
});
