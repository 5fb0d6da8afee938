import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { createKubeClient, kinds, readKubeconfig, type KubeClient } from '@kit/kube';
import { silentLogger, systemClock } from '@kit/base';
import { signIn } from '@kit/testing';
import { load } from './load.ts';
import { startPlatformProcess, type PlatformProcess } from '../platform-process.ts';
import { mebibytes, rate, type Figure } from './report.ts';

const namespace = 'bench';
const pods = 3000;

const pod = (i: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `pod-${String(i).padStart(5, '0')}`,
    namespace,
    labels: { app: `app-${i % 50}`, tier: 'web' },
    annotations: { note: 'n'.repeat(600) },
  },
  spec: {
    containers: [
      {
        name: 'main',
        image: `shop/app-${i % 50}:1.0`,
        env: Array.from({ length: 12 }, (_, k) => ({ name: `VAR_${k}`, value: `value-${k}` })),
      },
    ],
  },
});

async function fill(kube: KubeClient): Promise<void> {
  await kube.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < pods) await kube.create(kinds.pods, pod((next += 1)));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

async function quiet(kube: KubeClient): Promise<void> {
  for (;;) {
    const { metadata } = await kube.list(kinds.pods, { namespace: 'default' });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const later = await kube.list(kinds.pods, { namespace: 'default' });
    if (Number(later.metadata.resourceVersion) - Number(metadata.resourceVersion) < 30) return;
  }
}

async function measured(platform: PlatformProcess, token: string): Promise<Figure[]> {
  const dispatcher = new Agent({ connections: 8, pipelining: 1 });
  const get = async (path: string): Promise<void> => {
    const response = await request(`${platform.url}${path}`, {
      dispatcher,
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.statusCode !== 200)
      throw new Error(`${path} answered ${response.statusCode}: ${await response.body.text()}`);
    await response.body.dump({ limit: 1e9 });
  };
  const base = `/kapis/resources.kubesphere.io/v1alpha3/namespaces/${namespace}/pods`;
  const cases = [
    { what: 'page of 10, by time', path: `${base}?limit=10`, peer: 'KubeSphere 3.4: 88/s' },
    { what: 'page of 10, by name', path: `${base}?limit=10&sortBy=name&ascending=true`, peer: 'KubeSphere 3.4: 88/s' },
    { what: 'page of 10, filtered by name', path: `${base}?limit=10&name=pod-0123`, peer: 'KubeSphere 3.4: 146/s' },
    { what: 'the whole list', path: base, peer: 'KubeSphere 3.4: 2.2/s' },
    { what: 'one object', path: `${base}/pod-00042`, peer: 'KubeSphere 3.4: 489/s' },
  ];
  const figures: Figure[] = [];
  for (const { what, path, peer } of cases) {
    const cpu = platform.cpuSeconds();
    const run = await load({ clients: 8, seconds: 4, once: () => get(path) });
    const perRequest = ((platform.cpuSeconds() - cpu) / (run.count * 1.2)) * 1000;
    figures.push({
      what: `${what} of ${pods} pods, 8 clients`,
      value: `${rate(run)}, about ${perRequest.toFixed(2)} ms of CPU each`,
      peer,
    });
  }
  await dispatcher.close();
  return figures;
}

/** Lists of 3,000 pods through the platform: authenticated, authorized, filtered, sorted and paged. */
export async function listFigures(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  const platform = await startPlatformProcess(dataDir, ['--nodes', '30']);
  const kube = createKubeClient(readKubeconfig(readFileSync(platform.kubeconfigFile, 'utf8')), {
    log: silentLogger,
    clock: systemClock,
  });
  try {
    await fill(kube);
    await quiet(kube);
    const { token } = await signIn(platform.url, 'admin', platform.password);
    const figures = await measured(platform, token);
    return [
      ...figures,
      { what: `memory of the whole platform with ${pods} pods`, value: mebibytes(platform.memoryBytes()) },
    ];
  } finally {
    await kube.close();
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
