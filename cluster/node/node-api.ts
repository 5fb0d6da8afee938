import { timestamp } from '@kit/base';
import type { ContainerStats, NodeApiAnswer, NodeStats } from '../node-runtime.ts';
import type { Pod } from '../reconcile/pod.ts';

/** What a node's own HTTP API can be asked about. */
export interface NodeApiSources {
  readonly stats: () => NodeStats;
  readonly pods: () => readonly Pod[];
  readonly memoryBytes: number;
}

type Page = (sources: NodeApiSources) => NodeApiAnswer;

const text = (body: string, status = 200): NodeApiAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});
const json = (value: object): NodeApiAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

interface Usage {
  readonly cpuNanoCores: number;
  readonly cpuNanoSeconds: number;
  readonly memoryBytes: number;
}

function usage({ cpuNanoCores, cpuNanoSeconds, memoryBytes }: Usage, time: string): { cpu: object; memory: object } {
  return {
    cpu: { time, usageNanoCores: cpuNanoCores, usageCoreNanoSeconds: cpuNanoSeconds },
    memory: { time, usageBytes: memoryBytes, workingSetBytes: memoryBytes, rssBytes: memoryBytes },
  };
}

function total(containers: readonly ContainerStats[]): Usage {
  const sum = (field: keyof Usage): number => containers.reduce((value, one) => value + one[field], 0);
  return { cpuNanoCores: sum('cpuNanoCores'), cpuNanoSeconds: sum('cpuNanoSeconds'), memoryBytes: sum('memoryBytes') };
}

const summary: Page = ({ stats, memoryBytes }) => {
  const node = stats();
  const time = timestamp(node.atMs);
  const own = usage(node, time);
  const pods = node.pods.map(({ pod, containers }) => ({
    podRef: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
    startTime: timestamp(Math.min(...containers.map((one) => one.startedMs))),
    containers: containers.map((one) => ({ name: one.name, startTime: timestamp(one.startedMs), ...usage(one, time) })),
    ...usage(total(containers), time),
  }));
  const memory = { ...own.memory, availableBytes: memoryBytes - node.memoryBytes };
  return json({ node: { nodeName: node.node, startTime: timestamp(node.startedMs), ...own, memory }, pods });
};

interface Sample {
  readonly labels: string;
  readonly value: number;
}

function metric(name: string, samples: readonly Sample[], atMs: number): string {
  const type = name.endsWith('_total') ? 'counter' : 'gauge';
  const lines = samples.map(({ labels, value }) => `${name}${labels} ${value} ${atMs}\n`);
  return `# HELP ${name} Of a simulated node.\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

const resourceMetrics: Page = ({ stats }) => {
  const node = stats();
  const ofContainers = (value: (one: ContainerStats) => number): Sample[] =>
    node.pods.flatMap(({ pod, containers }) =>
      containers.map((one) => ({
        labels: `{container="${one.name}",namespace="${pod.namespace}",pod="${pod.name}"}`,
        value: value(one),
      })),
    );
  const ofPods = (value: (one: Usage) => number): Sample[] =>
    node.pods.map(({ pod, containers }) => ({
      labels: `{namespace="${pod.namespace}",pod="${pod.name}"}`,
      value: value(total(containers)),
    }));
  const seconds = (one: Usage): number => one.cpuNanoSeconds / 1e9;
  const bytes = (one: Usage): number => one.memoryBytes;
  const at = node.atMs;
  return text(
    [
      metric('container_cpu_usage_seconds_total', ofContainers(seconds), at),
      metric('container_memory_working_set_bytes', ofContainers(bytes), at),
      metric(
        'container_start_time_seconds',
        ofContainers((one) => one.startedMs / 1000),
        at,
      ),
      metric('node_cpu_usage_seconds_total', [{ labels: '', value: seconds(node) }], at),
      metric('node_memory_working_set_bytes', [{ labels: '', value: node.memoryBytes }], at),
      metric('pod_cpu_usage_seconds_total', ofPods(seconds), at),
      metric('pod_memory_working_set_bytes', ofPods(bytes), at),
    ].join(''),
  );
};

const pages: Readonly<Record<string, Page>> = {
  '/healthz': () => text('ok'),
  '/healthz/ping': () => text('ok'),
  '/healthz/syncloop': () => text('ok'),
  '/stats/summary': summary,
  '/metrics/resource': resourceMetrics,
  '/pods': ({ pods }) => json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods() }),
  '/runningpods': ({ pods }) => json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods() }),
  '/configz': () => json({ kubeletconfig: { maxPods: 110, syncFrequency: '1m0s', clusterDomain: 'cluster.local' } }),
};

/** Answers a request to a simulated node's own API. */
export function nodeApi(method: string, path: string, sources: NodeApiSources): NodeApiAnswer {
  const [name = ''] = path.split('?');
  const page = pages[name.length > 1 ? name.replace(/\/$/, '') : name];
  if (!page) return text('404 page not found\n', 404);
  return method === 'GET' || method === 'HEAD' ? page(sources) : text('method not allowed\n', 405);
}
