import { kinds, type KubeClient, type KubeObject } from '@kit/kube';

/** Where most pods are; the others are spread over as many projects as there are, one each. */
export const crowded = 'bench';
const others = 10_000;

const name = (at: number): string => `pod-${String(at).padStart(5, '0')}`;
export const project = (at: number): string => `team-${String(at).padStart(5, '0')}`;

/** Of about 2.5 KB, as the pods of a deployment are; nobody schedules them, so that they stay as they were made. */
function pod(at: number, namespace: string): KubeObject {
  const env = Array.from({ length: 12 }, (_, k) => ({ name: `VAR_${k}`, value: `value-${k}` }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: name(at),
      namespace,
      labels: { app: `app-${at % 50}`, tier: 'web', 'pod-template-hash': `${at % 997}` },
      annotations: { note: 'n'.repeat(600) },
    },
    spec: {
      schedulerName: 'nobody',
      containers: [{ name: 'main', image: `shop/app-${at % 50}:1.0`, env }],
    },
  };
}

/** Runs a task for each number of a range, some at a time. */
export async function each(from: number, to: number, task: (at: number) => Promise<unknown>): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) await task(next++);
  };
  await Promise.all(Array.from({ length: 24 }, worker));
}

/** Makes the namespaces: the crowded one, and projects of which every tenth is of one of 100 workspaces. */
export async function makeNamespaces(kube: KubeClient, count = others): Promise<void> {
  const make = (named: string, labels: Record<string, string> = {}): Promise<KubeObject> =>
    kube.create(kinds.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: named, labels } });
  await make(crowded);
  await each(0, count, (at) => make(project(at)));
}

/** One in ten pods is in a project of its own, as far as there are projects. */
export function namespaceOf(at: number, projects: number): string {
  return at % 10 === 9 ? project(Math.floor(at / 10) % projects) : crowded;
}

export async function makePods(kube: KubeClient, range: { from: number; to: number; projects: number }): Promise<void> {
  await each(range.from, range.to, (at) => kube.create(kinds.pods, pod(at, namespaceOf(at, range.projects))));
}

/** Changes so many pods a second until the answer is called; it says how many it came to. */
export function keepChanging(kube: KubeClient, pods: number, perSecond: number): () => Promise<number> {
  const startMs = performance.now();
  let [made, stopped] = [0, false];
  const change = async (): Promise<void> => {
    while (!stopped) {
      const dueMs = startMs + (made / perSecond) * 1000;
      const at = (made++ * 7) % pods;
      const waitMs = dueMs - performance.now();
      if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (at % 10 === 9) continue;
      const patch = { metadata: { annotations: { changed: String(made) } } };
      await kube.patch(kinds.pods, { namespace: crowded, name: name(at) }, patch, { type: 'merge' });
    }
  };
  const workers = Promise.all(Array.from({ length: 16 }, change));
  return async () => {
    stopped = true;
    await workers;
    return made / ((performance.now() - startMs) / 1000);
  };
}
