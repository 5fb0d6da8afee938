import { type Clock, isApiError, timestamp } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import type { ControllerContext } from '../../reconcile/controller.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Claim, classOfClaim, type StorageClass, storageRefs, type Volume } from './storage-kinds.ts';

const defaultClassAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** Reads claims, volumes and classes, and writes them so that what was written is read at once. */
export class VolumeStore {
  readonly claims: Informer<Claim>;
  readonly volumes: Informer<Volume>;
  readonly classes: Informer<StorageClass>;
  readonly #client: ClusterClient;
  readonly #clock: Clock;

  constructor({ informers, client, clock }: ControllerContext) {
    this.claims = informers.of<Claim>(storageRefs.claims);
    this.volumes = informers.of<Volume>(storageRefs.volumes);
    this.classes = informers.of<StorageClass>(storageRefs.classes);
    this.#client = client;
    this.#clock = clock;
  }

  classOf(claim: Claim): StorageClass | undefined {
    return this.classes.get(undefined, classOfClaim(claim));
  }

  /** The newest of the classes that are marked as default. */
  defaultClass(): StorageClass | undefined {
    const defaults = [...this.classes.all()].filter(({ metadata }) =>
      defaultClassAnnotations.some((name) => metadata.annotations?.[name] === 'true'),
    );
    const createdMs = ({ metadata }: StorageClass): number => Date.parse(metadata.creationTimestamp ?? '') || 0;
    return defaults.sort((a, b) => createdMs(b) - createdMs(a) || (a.metadata.name < b.metadata.name ? -1 : 1))[0];
  }

  /** Writes the claim, but for its status; does nothing when it is as it was. */
  async setClaim(before: Claim, after: Claim): Promise<Claim> {
    if (canonical([before.metadata, before.spec]) === canonical([after.metadata, after.spec])) return before;
    const written = await this.#client.update(storageRefs.claims, after);
    this.claims.observe(written);
    return written as Claim; // what was sent
  }

  async setVolume(before: Volume, after: Volume): Promise<Volume> {
    if (canonical([before.metadata, before.spec]) === canonical([after.metadata, after.spec])) return before;
    const written = await this.#client.update(storageRefs.volumes, after);
    this.volumes.observe(written);
    return written as Volume; // what was sent
  }

  /** True when it was not as it is now. */
  async setClaimStatus(claim: Claim, status: Claim['status']): Promise<boolean> {
    const next = { ...claim.status, ...status };
    if (canonical(next) === canonical(claim.status)) return false;
    this.claims.observe(await this.#client.update(storageRefs.claims, { ...claim, status: next }, 'status'));
    return true;
  }

  async deleteVolume({ metadata }: Volume): Promise<void> {
    await this.#client
      .delete(storageRefs.volumes, undefined, metadata.name, { uid: metadata.uid })
      .catch((error: unknown) => {
        if (!isApiError(error, 'NotFound')) throw error;
      });
  }

  /** True when the volume was in another phase. */
  async setPhase(volume: Volume, phase: string, message?: string): Promise<boolean> {
    if (volume.status?.phase === phase && (volume.status.message ?? '') === (message ?? '')) return false;
    const status = { phase, ...(message && { message }), lastPhaseTransitionTime: timestamp(this.#clock.now()) };
    this.volumes.observe(await this.#client.update(storageRefs.volumes, { ...volume, status }, 'status'));
    return true;
  }
}

/** The object with these annotations; `undefined` takes one away. */
export function annotated<T extends Claim | Volume>(
  object: T,
  changes: Readonly<Record<string, string | undefined>>,
): T {
  const all = Object.entries({ ...object.metadata.annotations, ...changes });
  const annotations = Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return { ...object, metadata: { ...object.metadata, annotations } };
}
