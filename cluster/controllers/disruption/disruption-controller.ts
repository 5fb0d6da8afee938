import { isApiError, timestamp } from '@kit/base';
import { canonical } from '../../reconcile/canonical.ts';
import { QueueController } from '../../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { matchesSelector } from '../../reconcile/selectors.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';
import { budgetStatus, demand, failedStatus, needsScale, pendingEvictions } from './budget-status.ts';
import type { BudgetStatus, DisruptionBudget } from './disruption-budget.ts';
import { expectedScale, UnknownScale } from './expected-scale.ts';

const budgets = { group: 'policy', resource: 'poddisruptionbudgets' };
const scaled = [
  refs.deployments,
  refs.replicaSets,
  refs.statefulSets,
  { group: '', resource: 'replicationcontrollers' },
];
/** Somebody else may change the scale of a kind nobody watches here. */
const lookAgainMs = 30_000;

/** As Go prints it, in which form clients know the sentence. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const pairs = Object.entries(matchLabels).sort(([a], [b]) => (a < b ? -1 : 1));
  const labels = pairs.map(([key, value]) => `${key}: ${value},`).join('');
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  const list = `[]LabelSelectorRequirement{${expressions.join('')}}`;
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:${list},}`;
}

/** A budget with an empty selector is about every pod of its namespace. */
function selects({ spec }: DisruptionBudget, pod: Pod): boolean {
  const selector = spec?.selector;
  if (!selector) return false;
  return Object.keys(selector).length === 0 || matchesSelector(selector, pod.metadata.labels);
}

/** Says of each disruption budget how many of its pods may be evicted now. */
export function disruptionController(context: ControllerContext): Controller {
  return new DisruptionBudgets(context).controller;
}

class DisruptionBudgets {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #budgets: Informer<DisruptionBudget>;
  readonly #pods: Informer<Pod>;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.#context = context;
    this.#events = context.recorder('controllermanager');
    const byNamespace = ({ metadata }: { metadata: { namespace?: string } }): string[] => [metadata.namespace ?? ''];
    this.#budgets = informers.of<DisruptionBudget>(budgets).addIndex('namespace', byNamespace);
    this.#pods = informers.of<Pod>(refs.pods).addIndex('namespace', byNamespace);
    this.controller = new QueueController(context, {
      name: 'disruption',
      reconcile: (key) => this.#reconcile(key),
    });
    this.controller.feed(this.#budgets, (budget) => [keyOf(budget)]);
    this.controller.feed(this.#pods, (pod) => this.#inNamespace(pod, (budget) => selects(budget, pod)));
    for (const ref of scaled) {
      this.controller.feed(informers.of(ref), (object, { before, after }) =>
        before?.metadata.generation === after?.metadata.generation ? [] : this.#inNamespace(object, needsScale),
      );
    }
  }

  #inNamespace(
    { metadata }: { metadata: { namespace?: string } },
    wanted: (budget: DisruptionBudget) => boolean,
  ): string[] {
    return this.#budgets
      .byIndex('namespace', metadata.namespace ?? '')
      .filter(wanted)
      .map(keyOf);
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace = '', name } = splitKey(key);
    const budget = this.#budgets.get(namespace, name);
    if (!budget || budget.metadata.deletionTimestamp) return;
    const pods = this.#pods.byIndex('namespace', namespace).filter((pod) => selects(budget, pod));
    if (pods.length === 0) this.#tell(budget, { type: 'Normal', reason: 'NoPods', message: 'No matching pods found' });
    const nowMs = this.#context.clock.now();
    const { disruptedPods, nextMs } = pendingEvictions(budget, pods, nowMs);
    if (nextMs !== undefined) this.controller.queue.addAfter(key, nextMs - nowMs);
    const now = timestamp(nowMs);
    try {
      const scale = needsScale(budget) ? await this.#scale(budget, pods) : 0;
      const wanted = demand(budget, { pods: pods.length, scale });
      await this.#write(budget, budgetStatus(budget, { pods, demand: wanted, disruptedPods, now }));
    } catch (error) {
      if (!(error instanceof UnknownScale)) throw error;
      const message = `Failed to calculate the number of expected pods: ${error.message}`;
      this.#tell(budget, { type: 'Warning', reason: 'CalculateExpectedPodCountFailed', message });
      await this.#write(budget, failedStatus(budget, error.message, now));
      this.controller.queue.addAfter(key, lookAgainMs);
    }
  }

  async #scale(budget: DisruptionBudget, pods: readonly Pod[]): Promise<number> {
    const { scale, unmanaged } = await expectedScale(this.#context.client, pods);
    if (unmanaged.length > 0) {
      const message = `Pods selected by this PodDisruptionBudget (selector: ${selectorText(budget.spec?.selector ?? {})}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
      this.#tell(budget, { type: 'Warning', reason: 'UnmanagedPods', message });
    }
    return scale;
  }

  #tell(budget: DisruptionBudget, event: { type: 'Normal' | 'Warning'; reason: string; message: string }): void {
    // Once a generation: the same words at each look would be noise.
    if (budget.status?.observedGeneration === budget.metadata.generation) return;
    this.#events.record(budget, event);
  }

  /** With the version the sum was made of: an eviction granted meanwhile makes it again. */
  async #write(budget: DisruptionBudget, status: BudgetStatus): Promise<void> {
    if (canonical(status) === canonical(budget.status)) return;
    try {
      this.#budgets.observe(await this.#context.client.update(budgets, { ...budget, status }, 'status'));
    } catch (error) {
      if (isApiError(error, 'NotFound')) return;
      if (!isApiError(error, 'Conflict')) throw error;
      this.controller.queue.addAfter(keyOf(budget), 50);
    }
  }
}
