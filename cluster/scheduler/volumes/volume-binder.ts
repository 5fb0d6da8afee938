import { ApiError, type Clock } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import {
  annotations,
  type Claim,
  isFullyBound,
  storageRefs,
  type Volume,
} from '../../controllers/volumes/storage-kinds.ts';
import type { NodeState } from '../node-state.ts';
import type { PodInfo } from '../pod-info.ts';
import { candidatesFor, planFor, type VolumePlan } from './pod-volumes.ts';
import { stateOf, type VolumeView } from './volume-view.ts';

const bindTimeoutMs = 600_000;

/** Gets the waiting claims of a pod their volumes on the node chosen for it, before it is bound there. */
export class VolumeBinder {
  readonly #view: VolumeView;
  readonly #client: ClusterClient;
  readonly #clock: Clock;
  readonly #watchers = new Set<() => void>();

  constructor({ view, client, clock }: { view: VolumeView; client: ClusterClient; clock: Clock }) {
    this.#view = view;
    this.#client = client;
    this.#clock = clock;
    const tell = (): void => [...this.#watchers].forEach((check) => check());
    view.claims.onChange(tell);
    view.volumes.onChange(tell);
  }

  /** Promises the volumes of the node to the pod; undefined when it needs none. */
  promise(info: PodInfo, node: NodeState): VolumePlan | undefined {
    const waiting = info.claims
      .flatMap((name) => this.#view.claim(info.namespace, name) ?? [])
      .filter((claim) => stateOf(claim, this.#view) === 'delayed');
    if (waiting.length === 0) return undefined;
    const plan = planFor(waiting, node, { view: this.#view, volumes: candidatesFor(waiting, this.#view) });
    for (const { claim, volume } of plan?.reserve ?? []) this.#view.promiseVolume(volume, claim);
    for (const claim of plan?.provision ?? []) this.#view.promiseNode(claim, node.name);
    return plan;
  }

  takeBack({ reserve, provision }: VolumePlan): void {
    for (const { claim, volume } of reserve) this.#view.takeBack(claim, volume);
    for (const claim of provision) this.#view.takeBack(claim);
  }

  /** Writes down what was promised, and resolves when every claim is bound. */
  async bind({ reserve, provision }: VolumePlan, node: string): Promise<void> {
    await Promise.all([
      ...reserve.map(({ claim, volume }) => this.#reserve(volume, claim)),
      ...provision.map((claim) => this.#selectNode(claim, node)),
    ]);
    await this.#bound([...reserve.map(({ claim }) => claim), ...provision], { provision, node });
  }

  async #reserve({ metadata, spec }: Volume, claim: Claim): Promise<void> {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion };
    const isOwn = spec.claimRef === undefined;
    const body = {
      metadata: {
        resourceVersion: metadata.resourceVersion,
        ...(isOwn && { annotations: { [annotations.boundByController]: 'yes' } }),
      },
      spec: { claimRef },
    };
    await this.#client.patch(storageRefs.volumes, undefined, metadata.name, { type: 'merge', body });
  }

  async #selectNode({ metadata }: Claim, node: string): Promise<void> {
    const { namespace, name, uid, resourceVersion } = metadata;
    const body = { metadata: { uid, resourceVersion, annotations: { [annotations.selectedNode]: node } } };
    await this.#client.patch(storageRefs.claims, namespace, name, { type: 'merge', body });
  }

  #bound(claims: readonly Claim[], { provision, node }: { provision: readonly Claim[]; node: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#watchers.delete(check);
        cancel();
        settle();
      };
      const waiting = new Set(provision.map(({ metadata }) => metadata.uid));
      const check = (): void => {
        const states = claims.map((claim) => this.#progress(claim, waiting.has(claim.metadata.uid) ? node : undefined));
        const problem = states.find((state) => typeof state === 'string');
        if (typeof problem === 'string') end(() => reject(new ApiError('Conflict', `binding volumes: ${problem}`)));
        else if (states.every(Boolean)) end(resolve);
      };
      const late = (): void => end(() => reject(new ApiError('Timeout', 'binding volumes: context deadline exceeded')));
      const cancel = this.#clock.after(bindTimeoutMs, late);
      this.#watchers.add(check);
      check();
    });
  }

  /** True when the claim is bound, or what has come between. */
  #progress({ metadata }: Claim, node: string | undefined): boolean | string {
    const claim = this.#view.claims.get(metadata.namespace, metadata.name);
    if (!claim || claim.metadata.uid !== metadata.uid) {
      return `could not find persistentvolumeclaim "${metadata.name}"`;
    }
    if (isFullyBound(claim)) return true;
    const isNewer = Number(claim.metadata.resourceVersion) > Number(metadata.resourceVersion);
    const selected = claim.metadata.annotations?.[annotations.selectedNode];
    if (node === undefined || !isNewer || selected === node) return false;
    return `provisioning failed for PVC "${metadata.name}"`;
  }
}
