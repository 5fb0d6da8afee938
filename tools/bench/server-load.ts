import type { IncomingMessage } from 'node:http';
import { ApiClient } from './api-client.ts';
import type { Peer } from './peers.ts';

/** One measured line: of rates the higher is better, of all else the lower. */
export interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: '/s' | 'ms' | 'MiB';
  /** What one request takes of the server's CPU, in milliseconds: it tells more than the clock on a busy machine. */
  readonly cpuMs?: number;
}

const namespace = 'bench';
const base = `/api/v1/namespaces/${namespace}`;
const merge = { 'content-type': 'application/merge-patch+json' };
const nameOf = (i: number): string => `p${String(i).padStart(6, '0')}`;

const configMap = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { v: 'y'.repeat(1000) },
});

const pod = (i: number): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: nameOf(i),
    labels: { app: `a${i % 100}`, tier: i % 2 ? 'odd' : 'even' },
    annotations: { note: 'x'.repeat(100) },
  },
  spec: {
    automountServiceAccountToken: false,
    nodeName: `node-${i % 50}`,
    containers: [
      {
        name: 'main',
        image: 'registry.example.com/team/app:v1.2.3',
        command: ['/bin/app', '--serve'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: 'two' },
        ],
        ports: [{ containerPort: 8080 }],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '256Mi' } },
      },
    ],
  },
});

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Requests `once(0)` to `once(count - 1)` by so many clients at once; answers how many were done a second. */
async function rate(count: number, clients: number, once: (turn: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const startMs = performance.now();
  const client = async (): Promise<void> => {
    while (next < count) await once(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return count / ((performance.now() - startMs) / 1000);
}

async function middle(once: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < repeats; turn++) {
    const startMs = performance.now();
    await once();
    times.push(performance.now() - startMs);
  }
  return median(times);
}

const repeats = 5;

/** Measures lines of one server. */
class Meter {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  rate(
    what: string,
    count: number,
    work: { clients: number; once: (turn: number) => Promise<unknown> },
  ): Promise<Line> {
    return this.#measure({ what, unit: '/s', count }, () => rate(count, work.clients, work.once));
  }

  time(what: string, once: () => Promise<unknown>): Promise<Line> {
    return this.#measure({ what, unit: 'ms', count: repeats }, () => middle(once));
  }

  memory(what: string): Line {
    return { what, unit: 'MiB', value: this.#peer.memoryBytes() / 2 ** 20 };
  }

  async #measure(
    { count, ...line }: Pick<Line, 'what' | 'unit'> & { count: number },
    run: () => Promise<number>,
  ): Promise<Line> {
    const before = this.#peer.cpuSeconds();
    const value = await run();
    return { ...line, value, cpuMs: ((this.#peer.cpuSeconds() - before) * 1000) / count };
  }
}

async function writes(meter: Meter, api: ApiClient, pods: number): Promise<Line[]> {
  const create = (prefix: string) => (turn: number) =>
    api.ask('POST', `${base}/configmaps`, { body: configMap(prefix + turn) });
  const createPod = (turn: number): Promise<unknown> => api.ask('POST', `${base}/pods`, { body: pod(turn) });
  await rate(200, 8, create('w'));
  return [
    await meter.rate('create ConfigMaps, 1 client', 500, { clients: 1, once: create('s') }),
    await meter.rate('create ConfigMaps, 8 clients', 2000, { clients: 8, once: create('a') }),
    await meter.rate('create ConfigMaps, 32 clients', 2000, { clients: 32, once: create('b') }),
    await meter.rate(`create ${pods} pods, 16 clients`, pods, { clients: 16, once: createPod }),
  ];
}

async function singles(meter: Meter, api: ApiClient, pods: number): Promise<Line[]> {
  const get = (turn: number): Promise<unknown> => api.ask('GET', `${base}/pods/${nameOf(turn % pods)}`);
  const patch = (turn: number): Promise<unknown> => {
    const body = { metadata: { annotations: { t: String(turn) } } };
    return api.ask('PATCH', `${base}/pods/${nameOf(turn % pods)}`, { body, headers: merge });
  };
  return [
    await meter.rate('get a pod, 1 client', 1000, { clients: 1, once: get }),
    await meter.rate('get a pod, 16 clients', 6000, { clients: 16, once: get }),
    await meter.rate('merge patch a pod, 16 clients', 2000, { clients: 16, once: patch }),
  ];
}

const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

async function lists(meter: Meter, api: ApiClient, pods: number): Promise<Line[]> {
  const cases: readonly { what: string; path: string; headers?: Record<string, string> }[] = [
    { what: `list ${pods} pods`, path: `${base}/pods` },
    { what: `list ${pods} pods from the cache`, path: `${base}/pods?resourceVersion=0` },
    {
      what: `list ${pods} pods, compressed`,
      path: `${base}/pods?resourceVersion=0`,
      headers: { 'accept-encoding': 'gzip' },
    },
    { what: `list ${pods} pods as a table`, path: `${base}/pods`, headers: table },
    { what: 'list a page of 500', path: `${base}/pods?limit=500` },
    { what: `list the 1 % of ${pods} pods with a label`, path: `${base}/pods?labelSelector=app%3Da7` },
    { what: 'the same from the cache', path: `${base}/pods?labelSelector=app%3Da7&resourceVersion=0` },
    {
      what: 'list the pods of one node, from the cache',
      path: '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-7&resourceVersion=0',
    },
  ];
  const lines: Line[] = [];
  for (const { what, path, headers } of cases) {
    lines.push(await meter.time(what, () => api.ask('GET', path, { drop: true, ...(headers && { headers }) })));
  }
  return [...lines, await meter.time(`list ${pods} pods in pages of 500`, () => readPages(api))];
}

async function readPages(api: ApiClient): Promise<void> {
  for (let from = ''; ;) {
    const path = `${base}/pods?limit=500${from && `&continue=${encodeURIComponent(from)}`}`;
    const { metadata } = await api.json<{ metadata: { continue?: string } }>(path);
    if (!metadata.continue) return;
    from = metadata.continue;
  }
}

/** Watchers of the namespace's pods, who count the events they get and note the mark of each. */
class Watchers {
  readonly #api: ApiClient;
  readonly #open: IncomingMessage[] = [];
  events = 0;
  onMark: (mark: string) => void = () => undefined;

  constructor(peer: Peer) {
    this.#api = new ApiClient(peer.connection, 1000);
  }

  async start(count: number, resourceVersion: string): Promise<void> {
    const path = `${base}/pods?watch=1&resourceVersion=${resourceVersion}`;
    const open = await Promise.all(Array.from({ length: count }, () => this.#api.open('GET', path)));
    for (const response of open) {
      response.on('error', () => undefined); // that is how it ends
      response.on('data', (chunk: Buffer) => this.#take(chunk));
      this.#open.push(response);
    }
  }

  #take(chunk: Buffer): void {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.events++;
    const at = chunk.indexOf('"fan":"');
    if (at >= 0) this.onMark(chunk.subarray(at + 7, at + 15).toString());
  }

  stop(): void {
    for (const response of this.#open) response.destroy();
    this.#api.close();
  }
}

async function openWatchers(peer: Peer, api: ApiClient, count: number): Promise<Watchers> {
  const { metadata } = await api.json<{ metadata: { resourceVersion: string } }>(`${base}/pods?limit=1`);
  const watchers = new Watchers(peer);
  await watchers.start(count, metadata.resourceVersion);
  await pause(500);
  return watchers;
}

const mark = (api: ApiClient, name: string, fan: string): Promise<unknown> =>
  api.ask('PATCH', `${base}/pods/${name}`, { body: { metadata: { annotations: { fan } } }, headers: merge });

async function fanOut(peer: Peer, api: ApiClient, count: number): Promise<Line[]> {
  const watchers = await openWatchers(peer, api, count);
  const rounds: number[][] = [];
  for (let turn = 0; turn < 60; turn++) rounds.push(await round(watchers, count, (text) => mark(api, nameOf(1), text)));
  const at = (share: number): number => median(rounds.map((times) => times[Math.floor((count - 1) * share)] ?? 0));
  watchers.events = 0;
  const startMs = performance.now();
  const cpu = peer.cpuSeconds();
  await rate(300, 8, (turn) => mark(api, nameOf(turn), `z${turn}`));
  while (watchers.events < 300 * count) await pause(2);
  const perSecond = (300 * count) / ((performance.now() - startMs) / 1000);
  const cpuMs = ((peer.cpuSeconds() - cpu) * 1000) / (300 * count);
  watchers.stop();
  return [
    { what: `a patch until the first of ${count} watchers has it`, unit: 'ms', value: at(0) },
    { what: 'until the middle one', unit: 'ms', value: at(0.5) },
    { what: 'until the last', unit: 'ms', value: at(1) },
    { what: `events to ${count} watchers`, unit: '/s', value: perSecond, cpuMs },
  ];
}

async function wideFanOut(peer: Peer, api: ApiClient): Promise<Line> {
  const count = 1000;
  const watchers = await openWatchers(peer, api, count);
  const last: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const times = await round(watchers, count, (text) => mark(api, nameOf(1), text));
    last.push(times.at(-1) ?? 0);
  }
  watchers.stop();
  return { what: 'a patch until the last of 1,000 watchers has it', unit: 'ms', value: median(last) };
}

let marks = 0;

/** How long after a patch was sent each of the watchers had it, the first one first. */
async function round(watchers: Watchers, count: number, patch: (mark: string) => Promise<unknown>): Promise<number[]> {
  const mark = `m${marks++}`.padEnd(8, '_');
  const times: number[] = [];
  const startMs = performance.now();
  const all = new Promise<void>((resolve) => {
    watchers.onMark = (seen) => {
      if (seen === mark && times.push(performance.now() - startMs) === count) resolve();
    };
  });
  await Promise.all([patch(mark), all]);
  await pause(20);
  return times.sort((a, b) => a - b);
}

async function deletions(meter: Meter, api: ApiClient): Promise<Line[]> {
  const startMs = performance.now();
  await api.ask('DELETE', `${base}/configmaps`, { drop: true });
  const collectionMs = performance.now() - startMs;
  const path = (turn: number): string => `${base}/pods/${nameOf(turn)}?gracePeriodSeconds=0`;
  const once = (turn: number): Promise<unknown> => api.ask('DELETE', path(turn), { drop: true });
  return [
    { what: 'delete 4,700 ConfigMaps in one request', unit: 'ms', value: collectionMs },
    await meter.rate('delete pods, 16 clients', 1000, { clients: 16, once }),
  ];
}

/** What an API server does under a load like that of a busy cluster. It must be new and have nothing else to do. */
export async function serverLoad(peer: Peer, pods: number): Promise<Line[]> {
  const api = new ApiClient(peer.connection);
  const meter = new Meter(peer);
  try {
    const ready: Line = { what: 'start to ready', unit: 'ms', value: peer.readyMs };
    const atRest = [ready, meter.memory('memory at rest')];
    for (const [path, name] of [
      ['/api/v1/namespaces', namespace],
      [`${base}/serviceaccounts`, 'default'],
    ] as const)
      await api.ask('POST', path, { body: { metadata: { name } }, allow: 409 });
    const written = await writes(meter, api, pods);
    const read = [...(await singles(meter, api, pods)), ...(await lists(meter, api, pods))];
    const watched = [...(await fanOut(peer, api, 100)), await wideFanOut(peer, api)];
    const full = meter.memory(`memory with ${pods} pods`);
    return [...atRest, ...written, ...read, ...watched, full, ...(await deletions(meter, api))];
  } finally {
    api.close();
  }
}
