import { silentLogger, systemClock } from '@kit/base';
import { createKubeClient, createViews, kinds, readKubeconfig } from '@kit/kube';
import type { KubeClient, KubeObject, ResourceType, Views } from '@kit/kube';
import { bindController, defineController, done, readyStatus, startControllers, waiting } from '@kit/reconcile';
import type { Step } from '@kit/reconcile';
import { startTestCluster, type TestCluster } from '@kit/testing/cluster';
import { afterAll, beforeAll, expect, describe, it, vi } from 'vitest';

// An operator as our own kit writes them, with more objects at once than a person could follow.

const number = 2000;
const patience = { timeout: 240_000, interval: 1000 };
const namespace = 'default';
const finalizer = 'load.example.com/buoy';
const fieldManager = 'buoy-controller';
const buoys: ResourceType = {
  group: 'load.example.com',
  version: 'v1',
  kind: 'Buoy',
  plural: 'buoys',
  namespaced: true,
};

type Buoy = KubeObject & {
  readonly spec: { readonly depth: number };
  readonly status?: { readonly conditions?: { type: string; status: string; observedGeneration?: number }[] };
};
interface BuoyDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly takenIn: Set<string>;
}

const anchor: Step<Buoy, BuoyDeps> = async ({ metadata: { name, uid = '' }, spec }, { kube }) => {
  const owner = { apiVersion: 'load.example.com/v1', kind: 'Buoy', name, uid, controller: true };
  const metadata = { name: `anchor-${name}`, namespace, ownerReferences: [owner] };
  const chain = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { depth: String(spec.depth) } };
  await kube.apply(kinds.configmaps, chain, { fieldManager, force: true });
  return done;
};

/** Only what the view has seen counts: an event that is lost leaves a buoy that is never ready. */
const seeAnchor: Step<Buoy, BuoyDeps> = ({ metadata: { name } }, { views }) =>
  views.of(kinds.configmaps).get(namespace, `anchor-${name}`) ? done : waiting(`configmap/anchor-${name}`, 3600);

const takeIn: Step<Buoy, BuoyDeps> = ({ metadata: { name } }, { takenIn }) => {
  takenIn.add(name);
  return done;
};

const buoyController = defineController<Buoy, BuoyDeps>({
  name: 'buoy',
  type: buoys,
  owns: [kinds.configmaps],
  steps: [anchor, seeAnchor],
  finalizer,
  finalize: [takeIn],
  fieldOwner: fieldManager,
  status: readyStatus,
  concurrency: 16,
});

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'buoys.load.example.com' },
  spec: {
    group: 'load.example.com',
    scope: 'Namespaced',
    names: { plural: 'buoys', singular: 'buoy', kind: 'Buoy', listKind: 'BuoyList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { depth: { type: 'integer' } } },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

/** Calls `work` for each number below `count`, some at once. */
async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

describe.sequential(`an operator with ${number} objects`, { timeout: 300_000 }, () => {
  let cluster: TestCluster;
  let deps: BuoyDeps;
  let operator: ReturnType<typeof startControllers>;
  const nameOf = (index: number): string => `buoy-${index}`;
  const all = async (): Promise<readonly Buoy[]> => (await deps.kube.list<Buoy>(buoys, { namespace })).items;

  /** Ready, and for the newest spec. */
  const isReady = ({ metadata, status }: Buoy): boolean =>
    status?.conditions?.some(
      (one) => one.type === 'Ready' && one.status === 'True' && one.observedGeneration === metadata.generation,
    ) ?? false;
  const depths = async (): Promise<Map<string, string>> => {
    const { items } = await deps.kube.list<KubeObject & { data?: Record<string, string> }>(kinds.configmaps, {
      namespace,
    });
    return new Map(items.map(({ metadata, data }) => [metadata.name, data?.depth ?? '']));
  };

  beforeAll(async () => {
    cluster = await startTestCluster({ nodes: 0 });
    const kube = createKubeClient(readKubeconfig(cluster.kubeconfig), { log: silentLogger, clock: systemClock });
    const views = createViews(kube, { name: 'operator', log: silentLogger, clock: systemClock });
    deps = { kube, views, takenIn: new Set() };
    await kube.create(kinds.customresourcedefinitions, definition);
    await vi.waitFor(() => kube.list(buoys, { namespace }), patience);
    operator = startControllers({ client: kube, views, controllers: [bindController(buoyController, deps)] });
    await operator.start?.();
  });
  afterAll(async () => {
    await operator?.stop?.();
    await deps?.views.stop();
    await deps?.kube.close();
    await cluster?.stop();
  });

  it('makes every one ready, while half of them change', async () => {
    await inParallel(number, (index) =>
      deps.kube.create(buoys, {
        apiVersion: 'load.example.com/v1',
        kind: 'Buoy',
        metadata: { name: nameOf(index), namespace },
        spec: { depth: 1 },
      }),
    );
    await inParallel(number / 2, (index) =>
      deps.kube.patch(buoys, { namespace, name: nameOf(index) }, { spec: { depth: 2 } }, { type: 'merge' }),
    );
    await vi.waitFor(async () => expect((await all()).filter(isReady)).toHaveLength(number), patience);
    const found = await depths();
    const wrong = Array.from({ length: number }, (_, index) => index).filter(
      (index) => found.get(`anchor-${nameOf(index)}`) !== (index < number / 2 ? '2' : '1'),
    );
    expect(wrong).toEqual([]);
  });

  it('puts back what others take away', async () => {
    await inParallel(200, (index) =>
      deps.kube.delete(kinds.configmaps, { namespace, name: `anchor-${nameOf(index)}` }),
    );
    await vi.waitFor(async () => expect((await depths()).size).toBe(number + 1), patience); // and the cluster's own
  });

  it('takes each in before it goes, with what it owned', async () => {
    await inParallel(number, (index) => deps.kube.delete(buoys, { namespace, name: nameOf(index) }));
    await vi.waitFor(async () => expect(await all()).toEqual([]), patience);
    expect(deps.takenIn.size).toBe(number);
    await vi.waitFor(async () => expect((await depths()).size).toBe(1), patience);
  });
});
