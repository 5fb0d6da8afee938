import { describe, expect, test } from 'vitest';
import { planSlices, type PortGroup, type Slice, type SliceEndpoint } from './slice-plan.ts';

const ports = [{ name: '', port: 80, protocol: 'TCP' }];
const endpoint = (i: number, ready = true): SliceEndpoint => ({
  addresses: [`10.0.${Math.floor(i / 256)}.${i % 256}`],
  conditions: { ready },
});
const endpoints = (from: number, to: number): SliceEndpoint[] =>
  Array.from({ length: to - from }, (_, i) => endpoint(from + i));
const group = (list: readonly SliceEndpoint[]): PortGroup[] => (list.length > 0 ? [{ ports, endpoints: list }] : []);
function slice(name: string, list: readonly SliceEndpoint[], own: readonly unknown[] = ports): Slice {
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name }, endpoints: list, ports: own };
}

function summary(known: readonly Slice[], groups: readonly PortGroup[]): object {
  const plan = planSlices(known, groups);
  return {
    create: plan.create.map((one) => one.endpoints.length),
    update: plan.update.map((one) => [one.slice.metadata.name, one.endpoints.length]),
    delete: plan.delete.map(({ metadata }) => metadata.name),
  };
}

describe('slices of a service', () => {
  test.each([
    {
      why: 'a service without endpoints has one empty slice',
      known: [],
      wanted: [],
      plan: { create: [0], update: [], delete: [] },
    },
    {
      why: 'which stays as it is',
      known: [slice('a', [], [])],
      wanted: [],
      plan: { create: [], update: [], delete: [] },
    },
    {
      why: 'new slices are filled',
      known: [],
      wanted: group(endpoints(0, 250)),
      plan: { create: [100, 100, 50], update: [], delete: [] },
    },
    {
      why: 'nothing changes, nothing is written',
      known: [slice('a', endpoints(0, 100)), slice('b', endpoints(100, 150))],
      wanted: group(endpoints(0, 150)),
      plan: { create: [], update: [], delete: [] },
    },
    {
      why: 'a new endpoint goes where there is room',
      known: [slice('a', endpoints(0, 100)), slice('b', endpoints(100, 150))],
      wanted: group(endpoints(0, 151)),
      plan: { create: [], update: [['b', 51]], delete: [] },
    },
    {
      why: 'of several it is the fullest that can take all',
      known: [slice('a', endpoints(0, 20)), slice('b', endpoints(20, 110))],
      wanted: group(endpoints(0, 115)),
      plan: { create: [], update: [['b', 95]], delete: [] },
    },
    {
      why: 'a slice that is written anyway takes the new ones',
      known: [slice('a', endpoints(0, 20)), slice('b', endpoints(20, 110))],
      wanted: group(endpoints(1, 115)),
      plan: { create: [], update: [['a', 24]], delete: [] },
    },
    {
      why: 'one changed endpoint rewrites its slice only',
      known: [slice('a', endpoints(0, 100)), slice('b', endpoints(100, 150))],
      wanted: group([...endpoints(0, 149), endpoint(149, false)]),
      plan: { create: [], update: [['b', 50]], delete: [] },
    },
    {
      why: 'an emptied slice goes',
      known: [slice('a', endpoints(0, 100)), slice('b', endpoints(100, 150))],
      wanted: group(endpoints(0, 100)),
      plan: { create: [], update: [], delete: ['b'] },
    },
    {
      why: 'the last one is kept empty',
      known: [slice('a', endpoints(0, 3)), slice('b', endpoints(3, 5))],
      wanted: [],
      plan: { create: [], update: [['a', 0]], delete: ['b'] },
    },
    {
      why: 'other ports are other slices',
      known: [slice('a', endpoints(0, 3), [{ port: 81 }])],
      wanted: group(endpoints(0, 3)),
      plan: { create: [3], update: [], delete: ['a'] },
    },
  ])('$why', ({ known, wanted, plan }) => {
    expect(summary(known, wanted)).toEqual(plan);
  });
});
