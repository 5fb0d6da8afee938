import { isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { objectUsage, resourcesOf } from '../../apiserver/admission/quota/object-usage.ts';
import type { CountedKind } from '../../apiserver/admission/quota/object-usage.ts';
import { listText, mask, writeList } from '../../apiserver/admission/quota/resource-list.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { QueueController } from '../../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import { Informer } from '../../reconcile/informer.ts';
import type { Change } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { resourceName } from '../../reconcile/resource-refs.ts';
import { countedKinds, usageNow } from './quota-usage.ts';
import type { Quota } from './quota-usage.ts';

const quotas = { group: '', resource: 'resourcequotas' };
const sorted = (hard: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(hard).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Counting reads every object: once in this time is often enough, however much changes. */
const pauseMs = 500;

/**
 * Keeps what quotas say about their use. The API server adds to it with every write it grants, in the same commit as
 * the object; only this controller takes anything away. A count made while something was granted meets a newer quota
 * and is made again, so that it never hides a grant.
 */
export function quotaController(context: ControllerContext): Controller {
  return new QuotaCounter(context);
}

class QuotaCounter implements Controller {
  readonly name = 'resourcequota';
  readonly #context: ControllerContext;
  readonly #quotas: Informer<Quota>;
  readonly #queue: QueueController;
  readonly #counted = new Map<string, Informer>();
  readonly #countedAtMs = new Map<string, number>();
  #stopListening: () => void = () => undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#quotas = context.informers.of<Quota>(quotas);
    this.#quotas.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
    this.#queue = new QueueController(context, { name: this.name, reconcile: (key) => this.#reconcile(key) });
    this.#queue.feed(this.#quotas, (quota) => [keyOf(quota)]);
  }

  start(): void {
    // A definition may bring the kind that a quota has been waiting for.
    this.#stopListening = this.#context.client.onResourcesChanged(() => this.#countAll());
    this.#queue.start();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    for (const informer of this.#counted.values()) informer.stop();
    await this.#queue.stop();
  }

  #countAll(): void {
    for (const quota of this.#quotas.all()) this.#queue.queue.add(keyOf(quota));
  }

  #isServed(kind: CountedKind): boolean {
    return this.#context.client
      .resources()
      .some(
        ({ group, resource, verbs }) => group === kind.group && resource === kind.resource && verbs.includes('list'),
      );
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const known = this.#quotas.get(namespace, name);
    if (!known) return void this.#countedAtMs.delete(key);
    const leftMs = this.#pauseLeftMs(key);
    if (leftMs > 0) return this.#queue.queue.addAfter(key, leftMs);
    if (known.status?.hard !== undefined) this.#countedAtMs.set(key, this.#context.clock.now());
    try {
      await this.#countNow(namespace, name);
    } catch (error) {
      if (isApiError(error, 'Conflict')) return this.#queue.queue.addAfter(key, pauseMs);
      if (!isApiError(error, 'NotFound')) throw error;
    }
  }

  #pauseLeftMs(key: string): number {
    return (this.#countedAtMs.get(key) ?? -Infinity) + pauseMs - this.#context.clock.now();
  }

  /** Reads the quota before the objects: whatever is granted from there on changes it, and the update fails. */
  async #countNow(namespace: string | undefined, name: string): Promise<void> {
    const { items } = await this.#context.client.list(quotas, { namespace, fieldSelector: `metadata.name=${name}` });
    if (items[0]) await this.#count(items[0]);
  }

  async #count(quota: Quota): Promise<void> {
    const { client, clock } = this.#context;
    for (const kind of countedKinds(quota)) if (this.#isServed(kind)) this.#follow(kind);
    const used = await usageNow(client, quota, { served: (kind) => this.#isServed(kind), nowMs: clock.now() });
    const status = { hard: sorted(quota.spec?.hard ?? {}), used: writeList(used) };
    if (canonical(status) === canonical({ hard: quota.status?.hard, used: quota.status?.used ?? {} })) return;
    await client.update(quotas, { ...quota, status }, 'status');
  }

  /** Looks for objects of a kind that go away or come to use less. */
  #follow(kind: CountedKind): void {
    const name = resourceName(kind);
    if (this.#counted.has(name)) return;
    const { client, clock, log } = this.#context;
    const informer = new Informer({ client, clock, log, ref: kind });
    this.#counted.set(name, informer);
    informer.onChange((change) => {
      const { before, after } = change;
      const { namespace = '' } = (after ?? before)?.metadata ?? {};
      for (const quota of this.#quotas.byIndex('namespace', namespace)) {
        if (this.#changes(kind, quota, change)) this.#queue.queue.add(keyOf(quota));
      }
    });
    void informer.start();
  }

  #changes(kind: CountedKind, quota: Quota, { before, after }: Change): boolean {
    const names = resourcesOf(kind, Object.keys(quota.spec?.hard ?? {}));
    if (names.length === 0 || !before) return false;
    const nowMs = this.#context.clock.now();
    const usage = (object: ClusterObject): string => listText(mask(objectUsage(kind, object, nowMs), names));
    return !after || usage(before) !== usage(after);
  }
}
