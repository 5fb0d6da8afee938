import { Agent, request } from 'undici';
import { load } from '../load.ts';
import { rate, type Figure } from '../report.ts';
import type { PlatformProcess } from '../../platform-process.ts';
import { crowded } from './fill-cluster.ts';

/** One request that is made again and again. */
export interface Case {
  readonly what: string;
  readonly path: string;
  readonly peer?: string;
  readonly budget?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly seconds?: number;
}

const base = '/kapis/resources.kubesphere.io/v1alpha3';
const own = '/kapis/resources.freehold.io/v1alpha1';
const space = `${base}/namespaces/${crowded}/pods`;
const gzip = { 'accept-encoding': 'gzip' };
const page = 'KubeSphere 3.4 with 3,000 pods: 88/s';
const firstPage = 'p95 20 ms';

export const cases: readonly Case[] = [
  { what: 'page of 10 by time', path: `${base}/pods?limit=10`, peer: page, budget: firstPage },
  {
    what: 'page of 10 by name',
    path: `${base}/pods?limit=10&sortBy=name&ascending=true`,
    peer: page,
    budget: firstPage,
  },
  { what: 'the same, compressed', path: `${base}/pods?limit=10&sortBy=name&ascending=true`, headers: gzip },
  {
    what: 'page of 10, three fields of each',
    path: `${base}/pods?limit=10&fields=metadata.name,metadata.namespace,status.phase`,
  },
  { what: 'page of 10, one namespace', path: `${space}?limit=10`, peer: page, budget: firstPage },
  {
    what: 'filter by name',
    path: `${base}/pods?limit=10&name=pod-0123`,
    peer: 'KubeSphere 3.4 with 3,000 pods: 146/s',
    budget: firstPage,
  },
  { what: 'filter by label', path: `${base}/pods?limit=10&labelSelector=app%3Dapp-7`, budget: firstPage },
  { what: 'filter by status', path: `${base}/pods?limit=10&status=Waiting`, budget: firstPage },
  { what: 'search for two words, everywhere', path: `${own}/search?q=pod-0123+shop&kinds=pods` },
  { what: 'counts by state', path: `${own}/counts?kinds=pods` },
  { what: 'the whole list', path: `${base}/pods`, peer: 'KubeSphere 3.4 with 3,000 pods: 2.2/s', seconds: 6 },
  { what: 'the whole list, compressed', path: `${base}/pods`, headers: gzip, seconds: 6 },
  { what: 'one object', path: `${space}/pod-00042`, peer: 'KubeSphere 3.4: 489/s' },
];

/** What a caller asks again and again under a load, and how the server fared. */
export async function measure(
  platform: PlatformProcess,
  one: Case & { readonly tokens: readonly string[]; readonly pods: string; readonly clients?: number },
): Promise<Figure> {
  const { tokens, clients = 8 } = one;
  const agent = new Agent({ connections: clients, pipelining: 1 });
  let [asked, bytes] = [0, 0];
  const get = async (turn: number): Promise<void> => {
    const authorization = `Bearer ${tokens[turn % tokens.length] ?? ''}`;
    const response = await request(`${platform.url}${one.path}`, {
      dispatcher: agent,
      headers: { authorization, ...one.headers },
    });
    asked++;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) bytes += chunk.byteLength;
    if (response.statusCode !== 200) throw new Error(`${one.path} answered ${response.statusCode}`);
  };
  await get(0);
  const cpu = platform.cpuSeconds();
  [asked, bytes] = [0, 0];
  const run = await load({ clients, seconds: one.seconds ?? 3, once: get });
  const cpuMs = ((platform.cpuSeconds() - cpu) / asked) * 1000;
  await agent.close();
  return {
    what: `${one.pods} pods: ${one.what}`,
    value: `${rate(run)}, ${cpuMs.toFixed(2)} ms of CPU and ${(bytes / asked / 1024).toFixed(1)} KB each`,
    ...(one.budget ? { budget: one.budget } : {}),
    ...(one.peer ? { peer: one.peer } : {}),
  };
}
