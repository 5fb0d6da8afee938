import { setMaxListeners } from 'node:events';
import { Agent, request } from 'undici';
import type { KubeClient } from '@kit/kube';
import type { PlatformProcess } from '../../platform-process.ts';
import type { Figure } from '../report.ts';
import { crowded, keepChanging } from './fill-cluster.ts';

const seconds = 10;

/** Many who watch one namespace through the platform while it changes: what reaches them, and what it costs. */
export async function watcherFigures(
  platform: PlatformProcess,
  kube: KubeClient,
  at: { token: string; pods: number; count: number; perSecond: number },
): Promise<Figure[]> {
  const agent = new Agent({ connections: at.count, pipelining: 1, bodyTimeout: 0 });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // one for each watcher is meant
  let events = 0;
  const watch = async (): Promise<void> => {
    const path = `/api/v1/namespaces/${crowded}/pods?watch=1&resourceVersion=${version}`;
    const headers = { authorization: `Bearer ${at.token}` };
    const { body, statusCode } = await request(`${platform.url}${path}`, {
      dispatcher: agent,
      headers,
      signal: stop.signal,
    });
    if (statusCode !== 200) throw new Error(`the watch answered ${statusCode}: ${await body.text()}`);
    body.on('error', () => undefined);
    body.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) events++;
    });
  };
  const version = (await kube.list({ group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false }))
    .metadata.resourceVersion;
  await Promise.all(Array.from({ length: at.count }, watch));
  const cpu = platform.cpuSeconds();
  const changing = keepChanging(kube, at.pods, at.perSecond);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [used, reached] = [platform.cpuSeconds() - cpu, events];
  const perSecond = await changing();
  stop.abort();
  await agent.destroy();
  return [
    {
      what: `${at.count} watchers through the platform, ${perSecond.toFixed(0)} changes a second`,
      value: `${(reached / seconds).toFixed(0)} events/s reach them, ${((used / seconds) * 100).toFixed(0)} % of a core`,
    },
  ];
}
