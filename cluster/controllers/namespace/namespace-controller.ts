import { timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Condition, withCondition } from '../../reconcile/conditions.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { refs, resourceName } from '../../reconcile/resource-refs.ts';
import { deleteAll } from '../delete-all.ts';
import { type DeletionRound, namespaceConditions } from './namespace-conditions.ts';

interface Namespace extends ClusterObject {
  spec: { finalizers?: string[] };
  status?: { phase?: string; conditions?: Condition[] };
}

const finalizer = 'kubernetes';
const nextRoundMs = 200;

/** Empties a namespace that is being deleted, custom resources included, and then lets it go. */
export function namespaceController(context: ControllerContext): Controller {
  return new Namespaces(context).controller;
}

class Namespaces {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #namespaces: Informer<Namespace>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#namespaces = context.informers.of<Namespace>(refs.namespaces);
    this.controller = new QueueController(context, { name: 'namespace', reconcile: (name) => this.#reconcile(name) });
    this.controller.feed(this.#namespaces, ({ metadata }) => (metadata.deletionTimestamp ? [metadata.name] : []));
  }

  async #reconcile(name: string): Promise<void> {
    const namespace = this.#namespaces.get(undefined, name);
    if (!namespace?.metadata.deletionTimestamp || !namespace.spec.finalizers?.includes(finalizer)) return;
    const round = await this.#deleteContent(name);
    const current = await this.#writeConditions(namespace, round);
    if (round.remaining.size > 0 || round.failures.length > 0) {
      this.controller.queue.addAfter(name, nextRoundMs);
      return;
    }
    const finalizers = namespace.spec.finalizers.filter((entry) => entry !== finalizer);
    await this.#context.client.update(
      refs.namespaces,
      { ...current, spec: { ...current.spec, finalizers } },
      'finalize',
    );
  }

  async #deleteContent(namespace: string): Promise<DeletionRound> {
    const { client } = this.#context;
    const failures: string[] = [];
    const remaining = new Map<string, number>();
    const finalizers = new Map<string, number>();
    const deletable = client
      .resources()
      .filter(({ namespaced, verbs }) => namespaced && verbs.includes('delete') && verbs.includes('list'));
    for (const ref of uniqueByName(deletable)) {
      try {
        const left = await deleteAll(client, ref, namespace);
        if (left.length > 0) remaining.set(resourceName(ref), left.length);
        for (const entry of left.flatMap(({ metadata }) => metadata.finalizers ?? [])) {
          finalizers.set(entry, (finalizers.get(entry) ?? 0) + 1);
        }
      } catch (error) {
        failures.push(`${resourceName(ref)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { failures, remaining, finalizers };
  }

  async #writeConditions(namespace: Namespace, round: DeletionRound): Promise<Namespace> {
    const now = timestamp(this.#context.clock.now());
    const next = namespaceConditions(round);
    const conditions = next.reduce<Condition[]>(
      (all, one) => withCondition(all, one, now),
      namespace.status?.conditions ?? [],
    );
    if (canonical(conditions) === canonical(namespace.status?.conditions ?? [])) return namespace;
    const changed = structuredClone({ ...namespace, status: { ...namespace.status, conditions } });
    return (await this.#context.client.update(refs.namespaces, changed, 'status')) as Namespace; // the answer is the namespace that was sent
  }
}

// Events are served in two groups and are the same objects.
function uniqueByName<T extends { group: string; resource: string }>(resources: readonly T[]): T[] {
  const seen = new Map(resources.map((one) => [one.resource === 'events' ? 'events' : resourceName(one), one]));
  return [...seen.values()];
}
