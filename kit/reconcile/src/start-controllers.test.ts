import { ApiError } from '@kit/base';
import { startCluster } from '@cluster/embedded';
import type { Cluster } from '@cluster/embedded';
import { createKubeClient, createViews, kinds, readKubeconfig } from '@kit/kube';
import type { KubeClient, KubeObject, ResourceType, Views } from '@kit/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Controller, Step } from './index.ts';
import { bindController, defineController, done, readyStatus, stalled, startControllers, waiting } from './index.ts';

const lamps: ResourceType = { group: 'kit.test', version: 'v1', kind: 'Lamp', plural: 'lamps', namespaced: true };
type Lamp = KubeObject & { spec?: { colour?: string; socket?: string } };
interface LampDeps {
  readonly kube: KubeClient;
  readonly views: Views;
  /** What the steps did, for the test to read. */
  readonly said: string[];
}

const finalizer = 'kit.test/lamp';
const fieldOwner = 'lamp-controller';

const checkColour: Step<Lamp, LampDeps> = ({ spec }) =>
  spec?.colour === 'invisible' ? stalled('NoSuchColour', 'there is no such colour') : done;

const requireSocket: Step<Lamp, LampDeps> = ({ spec, metadata }, { views }) => {
  const socket = spec?.socket;
  if (!socket || views.of(kinds.secrets).get(metadata.namespace ?? '', socket)) return done;
  return waiting(`secret/${socket}`, 3600);
};

const ensureLight: Step<Lamp, LampDeps> = async ({ metadata: { name, namespace = '', uid = '' }, spec }, { kube }) => {
  const owner = { apiVersion: 'kit.test/v1', kind: 'Lamp', name, uid, controller: true };
  const metadata = { name: `light-of-${name}`, namespace, ownerReferences: [owner] };
  const light = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { colour: spec?.colour ?? 'white' } };
  await kube.apply(kinds.configmaps, light, { fieldManager: fieldOwner, force: true });
  return done;
};

const failOnce: Step<Lamp, LampDeps> = ({ metadata }, { said }) => {
  if (metadata.name !== 'flickers' || said.includes('failed')) return done;
  said.push('failed');
  throw new ApiError('InternalError', 'a spark');
};

const switchOff: Step<Lamp, LampDeps> = ({ metadata }, { said }) => {
  said.push(`off ${metadata.name}`);
  return done;
};

const lampController: Controller<Lamp, LampDeps> = defineController({
  name: 'lamp',
  type: lamps,
  owns: [kinds.configmaps],
  watches: [
    {
      type: kinds.secrets,
      map: ({ namespace, labels }) => (labels.lamp ? [{ namespace, name: labels.lamp }] : []),
    },
  ],
  steps: [checkColour, requireSocket, failOnce, ensureLight],
  finalizer,
  finalize: [switchOff],
  fieldOwner,
  status: readyStatus,
});

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.kit.test' },
  spec: {
    group: 'kit.test',
    scope: 'Namespaced',
    names: { kind: 'Lamp', plural: 'lamps', singular: 'lamp', listKind: 'LampList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

let cluster: Cluster;
let client: KubeClient;
let views: Views;
let stop: () => Promise<void>;
const said: string[] = [];
beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  client = createKubeClient(readKubeconfig(cluster.kubeconfig));
  views = createViews(client, { name: 'test', times: { firstRetryMs: 10, maxRetryMs: 100 } });
  const part = startControllers({
    client,
    views,
    controllers: [bindController(lampController, { kube: client, views, said })],
    leaderElection: { namespace: 'default', name: 'lamps', identity: 'test' },
  });
  await part.start?.(); // before its kind exists: it waits
  await client.create(kinds.customresourcedefinitions, definition);
  await views.of(lamps).ready();
  stop = async () => part.stop?.();
});
afterAll(async () => {
  await stop();
  await views.stop();
  await client.close();
  await cluster.stop();
});

async function makeLamp(name: string, spec: Lamp['spec'] = {}): Promise<void> {
  await client.create(lamps, {
    apiVersion: 'kit.test/v1',
    kind: 'Lamp',
    metadata: { name, namespace: 'default' },
    spec,
  });
}

interface Ready {
  status: string;
  reason: string;
  message: string;
  observedGeneration: number;
}

async function readyOf(name: string): Promise<Ready | undefined> {
  const lamp = await client.get(lamps, { namespace: 'default', name });
  return (lamp.status as { conditions?: Ready[] } | undefined)?.conditions?.[0];
}

const lightOf = (name: string): Promise<KubeObject | undefined> =>
  client.find(kinds.configmaps, { namespace: 'default', name: `light-of-${name}` });

const slow = { timeout: 10_000 };

describe('a controller', () => {
  it('does its steps, says so, and holds on to the object', async () => {
    await makeLamp('simple', { colour: 'red' });
    await expect.poll(() => readyOf('simple'), slow).toMatchObject({ status: 'True', observedGeneration: 1 });
    expect((await lightOf('simple'))?.data).toEqual({ colour: 'red' });
    expect((await client.get(lamps, { namespace: 'default', name: 'simple' })).metadata.finalizers).toEqual([
      finalizer,
    ]);
  });

  it('follows changes, and puts back what others take away', async () => {
    await makeLamp('followed');
    await expect.poll(() => lightOf('followed'), slow).toBeTruthy();
    await client.patch(
      lamps,
      { namespace: 'default', name: 'followed' },
      { spec: { colour: 'blue' } },
      { type: 'merge' },
    );
    await expect.poll(async () => (await lightOf('followed'))?.data, slow).toEqual({ colour: 'blue' });
    await client.delete(kinds.configmaps, { namespace: 'default', name: 'light-of-followed' });
    await expect.poll(() => lightOf('followed'), slow).toBeTruthy();
  });

  it('waits for what is missing, and goes on as soon as it is there', async () => {
    await makeLamp('waits', { socket: 'wall' });
    await expect
      .poll(() => readyOf('waits'), slow)
      .toMatchObject({ status: 'False', reason: 'Waiting', message: 'waiting for secret/wall' });
    expect(await lightOf('waits')).toBeUndefined();
    const metadata = { name: 'wall', namespace: 'default', labels: { lamp: 'waits' } };
    await client.create(kinds.secrets, { apiVersion: 'v1', kind: 'Secret', metadata });
    await expect.poll(() => readyOf('waits'), slow).toMatchObject({ status: 'True' });
  });

  it('stops where only the user can help, until the user does', async () => {
    await makeLamp('stalled', { colour: 'invisible' });
    await expect.poll(() => readyOf('stalled'), slow).toMatchObject({ status: 'False', reason: 'NoSuchColour' });
    await client.patch(
      lamps,
      { namespace: 'default', name: 'stalled' },
      { spec: { colour: 'green' } },
      { type: 'merge' },
    );
    await expect.poll(() => readyOf('stalled'), slow).toMatchObject({ status: 'True', observedGeneration: 2 });
  });

  it('tries again what failed', async () => {
    await makeLamp('flickers');
    await expect.poll(() => readyOf('flickers'), slow).toMatchObject({ status: 'True' });
    expect(said).toContain('failed');
  });

  it('writes nothing when nothing changed', async () => {
    await makeLamp('quiet');
    await expect.poll(() => readyOf('quiet'), slow).toMatchObject({ status: 'True' });
    const before = await client.get(lamps, { namespace: 'default', name: 'quiet' });
    await makeLamp('later');
    await expect.poll(() => readyOf('later'), slow).toMatchObject({ status: 'True' });
    expect(await client.get(lamps, { namespace: 'default', name: 'quiet' })).toEqual(before);
  });

  it('finishes with a deleted object before it goes', async () => {
    await makeLamp('ends');
    await expect.poll(() => readyOf('ends'), slow).toMatchObject({ status: 'True' });
    await client.delete(lamps, { namespace: 'default', name: 'ends' });
    await expect.poll(() => client.find(lamps, { namespace: 'default', name: 'ends' }), slow).toBeUndefined();
    expect(said.filter((line) => line === 'off ends')).toEqual(['off ends']);
  });
});

it('refuses a controller that holds on to objects and never lets go', () => {
  expect(() => defineController({ ...lampController, finalize: undefined })).toThrow('need each other');
});
