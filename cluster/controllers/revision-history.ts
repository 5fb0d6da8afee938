import { isApiError } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import { canonical, shortHash } from '../reconcile/canonical.ts';
import type { ControllerContext } from '../reconcile/controller.ts';
import type { Informer } from '../reconcile/informer.ts';
import { controllerReference } from '../reconcile/owners.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { indexForClaims, ownedBy } from './claim.ts';
import type { PodTemplate } from './replicaset/replicaset.ts';

interface ControllerRevision extends ClusterObject {
  data: { spec: { template: unknown } };
  revision: number;
}

/** One remembered template of a workload: its number, its name, and the hash its pods are labelled with. */
export interface Revision {
  readonly name: string;
  readonly hash: string;
}

type Workload = ClusterObject & { spec: { template: PodTemplate; revisionHistoryLimit?: number } };

/** Remembers the templates of stateful and daemon sets as ControllerRevisions, which `kubectl rollout undo` reads. */
export class RevisionHistory {
  readonly #context: ControllerContext;
  readonly #revisions: Informer<ControllerRevision>;
  readonly #hashLabel: string;

  constructor(context: ControllerContext, hashLabel: string) {
    this.#context = context;
    this.#hashLabel = hashLabel;
    this.#revisions = indexForClaims(context.informers.of<ControllerRevision>(refs.controllerRevisions));
  }

  /** The revision of the workload's present template; an equal older one is taken up again as the newest. */
  async current(owner: Workload): Promise<Revision> {
    const all = this.#of(owner);
    const data = { spec: { template: { ...owner.spec.template, $patch: 'replace' } } };
    const known = all.find((one) => canonical(one.data) === canonical(data));
    const newest = all.at(-1);
    if (known && known !== newest) {
      const { namespace, name } = known.metadata;
      const body = { revision: (newest?.revision ?? 0) + 1 };
      this.#revisions.observe(
        await this.#context.client.patch(refs.controllerRevisions, namespace, name, { type: 'merge', body }),
      );
    }
    return this.#nameAndHash(known ?? (await this.#create(owner, data, (newest?.revision ?? 0) + 1)));
  }

  /** The template of an earlier revision, if it is still remembered. */
  templateOf(owner: Workload, name: string): PodTemplate | undefined {
    const found = this.#of(owner).find(({ metadata }) => metadata.name === name);
    if (!found) return undefined;
    const { metadata, spec } = found.data.spec.template as PodTemplate; // as `current` wrote it, its `$patch` left behind
    return { metadata, spec };
  }

  /** Forgets the oldest revisions beyond the workload's limit; those in `live` stay. */
  async truncate(owner: Workload, live: ReadonlySet<string>): Promise<void> {
    const idle = this.#of(owner).filter(({ metadata }) => !live.has(metadata.name));
    for (const { metadata } of idle.slice(0, Math.max(0, idle.length - (owner.spec.revisionHistoryLimit ?? 10)))) {
      await this.#context.client.delete(refs.controllerRevisions, metadata.namespace, metadata.name, {
        uid: metadata.uid,
      });
    }
  }

  #of(owner: Workload): ControllerRevision[] {
    return ownedBy(this.#revisions, owner.metadata.uid).sort((a, b) => a.revision - b.revision);
  }

  #nameAndHash({ metadata }: ControllerRevision): Revision {
    return { name: metadata.name, hash: metadata.labels?.[this.#hashLabel] ?? '' };
  }

  async #create(owner: Workload, data: ControllerRevision['data'], revision: number): Promise<ControllerRevision> {
    const { client } = this.#context;
    const hash = shortHash(data);
    const { name, namespace } = owner.metadata;
    const metadata = {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...owner.spec.template.metadata?.labels, [this.#hashLabel]: hash },
      ownerReferences: [controllerReference(owner)],
    };
    const wanted: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata,
      data: structuredClone(data),
      revision,
    };
    try {
      const created = await client.create(refs.controllerRevisions, wanted);
      this.#revisions.observe(created);
      return created as ControllerRevision; // the answer is the revision that was sent
    } catch (error) {
      // An earlier write of ours that the cache does not show yet.
      if (!isApiError(error, 'AlreadyExists')) throw error;
      return wanted;
    }
  }
}
