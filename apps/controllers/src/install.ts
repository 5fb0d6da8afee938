import { ensureAdmin, type NewAdmin } from '@feature/iam/controller';
import { fieldManager, systemNamespace } from '@feature/iam/contract';
import { ApiError, delay, isApiError, systemClock, type Clock, type Logger } from '@kit/base';
import { kinds, type KubeClient, type KubeObject } from '@kit/kube';
import { installations } from './features.ts';
import { inParallel } from './in-parallel.ts';
import type { Definition } from './installation.ts';
import { typeFinder } from './object-type.ts';

export interface InstallDeps {
  readonly kube: KubeClient;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Whether this is the only process that could install here. */
  readonly isAlone?: boolean;
}

const width = 8;
const attempts = 100;
const pauseMs = 50;

const apply = { fieldManager, force: true } as const;

function isEstablished({ status }: Definition): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') ?? false;
}

/** A kind can be used only some time after its definition was written. */
async function waitEstablished(kube: KubeClient, clock: Clock, name: string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = await kube.get<Definition>(kinds.customresourcedefinitions, { name });
    if (isEstablished(found)) return;
    await delay(clock, pauseMs);
  }
  throw new ApiError('Timeout', `the cluster does not serve ${name} yet, long after its definition was written`);
}

/** An established kind answers `NotFound` until every part of the API server has heard of it. */
async function untilServed(clock: Clock, write: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (!isApiError(error, 'NotFound') || attempt >= attempts) throw error;
      await delay(clock, pauseMs);
    }
  }
}

/**
 * Puts the platform's kinds and built-in objects into a cluster by server-side apply, and an administrator at the first
 * installation, whose password is answered once. Safe to repeat: what is there already stays as it is.
 */
export async function installKinds({
  kube,
  log,
  clock = systemClock,
  isAlone = false,
}: InstallDeps): Promise<{ admin?: NewAdmin }> {
  const definitions = installations.flatMap((installation) => installation.kinds);
  const seeds = installations.flatMap((installation) => installation.seeds);
  const typeOf = typeFinder(definitions);
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: systemNamespace } };
  await kube.apply(kinds.namespaces, namespace, apply);
  await inParallel(definitions, width, async (definition) => {
    await kube.apply(kinds.customresourcedefinitions, definition, apply);
    await waitEstablished(kube, clock, definition.metadata.name);
  });
  await inParallel(seeds, width, (seed) => untilServed(clock, () => kube.apply(typeOf(seed), seed, apply)));
  log.info('kinds installed', { kinds: definitions.length, objects: seeds.length });
  const admin = await ensureAdmin({ client: kube, log, isAlone });
  return admin ? { admin } : {};
}
