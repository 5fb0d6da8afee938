import { isApiError, timestamp } from '@kit/base';
import { parseLabelSelector } from '../../apiserver/store/label-selector.ts';
import type { ClusterObject, ResourceRef } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Condition, withCondition } from '../../reconcile/conditions.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { groupOf, refs } from '../../reconcile/resource-refs.ts';
import { messageOf } from '../slow-start.ts';
import type { Autoscaler, AutoscalerStatus } from './autoscaler.ts';
import { type MetricResult, proposeReplicas } from './metric-proposal.ts';
import { limitRate, rememberChange, type ScalingMemory, stabilize } from './scaling-limits.ts';

const periodMs = 15_000;

/** Scales workloads by what their pods use, as each HorizontalPodAutoscaler asks. */
export function autoscalerController(context: ControllerContext): Controller {
  return new Autoscalers(context).controller;
}

/** One look at an autoscaler; `status` is what will be written. */
interface Turn {
  readonly autoscaler: Autoscaler;
  readonly memory: ScalingMemory;
  readonly nowMs: number;
  status: AutoscalerStatus;
}

type Scale = ClusterObject & { spec?: { replicas?: number }; status?: { selector?: string } };

interface Target {
  readonly ref: ResourceRef;
  readonly scale: Scale;
  readonly current: number;
}

interface Decision {
  readonly replicas: number;
  readonly reason: string;
}

class Autoscalers {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #autoscalers: Informer<Autoscaler>;
  readonly #pods: Informer<Pod>;
  readonly #events: EventRecorder;
  readonly #memories = new Map<string, ScalingMemory>();
  /** The selector each autoscaler found at its target, by key. */
  readonly #selectors = new Map<string, string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('horizontal-pod-autoscaler');
    this.#autoscalers = context.informers.of<Autoscaler>(refs.autoscalers);
    this.#pods = context.informers.of<Pod>(refs.pods);
    this.#pods.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
    this.controller = new QueueController(context, { name: 'autoscaler', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#autoscalers, (autoscaler, { before, after }) =>
      canonical(before?.spec) === canonical(after?.spec) ? [] : [keyOf(autoscaler)],
    );
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const autoscaler = this.#autoscalers.get(namespace, name);
    if (!autoscaler) {
      this.#memories.delete(key);
      this.#selectors.delete(key);
      return;
    }
    this.controller.queue.addAfter(key, periodMs);
    const memory = this.#memories.get(key) ?? { recommendations: [], changes: [] };
    this.#memories.set(key, memory);
    const status = { desiredReplicas: 0, ...autoscaler.status };
    const turn: Turn = { autoscaler, memory, status, nowMs: this.#context.clock.now() };
    const target = await this.#target(turn);
    if (target) await this.#scale(turn, target);
    await this.#writeStatus(turn);
  }

  #say(turn: Turn, condition: Omit<Condition, 'lastTransitionTime'>): void {
    const conditions = withCondition(turn.status.conditions, condition, timestamp(turn.nowMs));
    turn.status = { ...turn.status, conditions };
  }

  #warn({ autoscaler }: Turn, reason: string, message: string): void {
    this.#events.record(autoscaler, { type: 'Warning', reason, message });
  }

  /** What is scaled, and how large it is; undefined when that cannot be found out, which is then said. */
  async #target(turn: Turn): Promise<Target | undefined> {
    const { scaleTargetRef } = turn.autoscaler.spec;
    const { client } = this.#context;
    try {
      const group = groupOf(scaleTargetRef.apiVersion ?? '');
      const ref = client.resources().find((one) => one.kind === scaleTargetRef.kind && one.group === group);
      if (!ref) throw new Error(`no matches for kind "${scaleTargetRef.kind}" in group "${group}"`);
      const { namespace } = turn.autoscaler.metadata;
      const scale = (await client.get(ref, namespace, scaleTargetRef.name, 'scale')) as Scale; // what this part is
      const succeeded = { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale' } as const; // literal types
      this.#say(turn, { ...succeeded, message: "the HPA controller was able to get the target's current scale" });
      return { ref, scale, current: scale.spec?.replicas ?? 0 };
    } catch (error) {
      const why = messageOf(error);
      this.#warn(turn, 'FailedGetScale', why);
      const message = `the HPA controller was unable to get the target's current scale: ${why}`;
      this.#say(turn, { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message });
      return undefined;
    }
  }

  async #scale(turn: Turn, target: Target): Promise<void> {
    const { current } = target;
    const { recommendations } = turn.memory;
    if (recommendations.length === 0) recommendations.push({ replicas: current, atMs: turn.nowMs });
    const decision = await this.#decide(turn, target);
    turn.status = { ...turn.status, currentReplicas: current };
    if (!decision) return;
    if (decision.replicas === current) turn.status = { ...turn.status, desiredReplicas: current };
    else await this.#rescale(turn, target, decision);
  }

  async #decide(turn: Turn, target: Target): Promise<Decision | undefined> {
    const { minReplicas = 1, maxReplicas } = turn.autoscaler.spec;
    const { current } = target;
    if (current === 0 && minReplicas !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      this.#say(turn, { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message });
      return { replicas: 0, reason: '' };
    }
    if (current > maxReplicas)
      return { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
    if (current < minReplicas)
      return { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' };
    const wanted = await this.#byMetrics(turn, target);
    return wanted && this.#bounded(turn, current, wanted);
  }

  /** The largest proposal; a metric that fails keeps the workload from shrinking. */
  async #byMetrics(turn: Turn, target: Target): Promise<{ replicas: number; name: string } | undefined> {
    const selector = this.#selector(turn, target);
    if (selector === undefined) return undefined;
    const { autoscaler, nowMs } = turn;
    const { client } = this.#context;
    const pods = this.#podsOf(autoscaler, selector);
    const question = { client, autoscaler, selector, pods, current: target.current, nowMs };
    const specs = autoscaler.spec.metrics ?? [];
    const results = await Promise.all(specs.map((spec) => proposeReplicas(question, spec)));
    const currentMetrics = results.map((result) => ('failure' in result ? { type: '' } : result.status));
    turn.status = { ...turn.status, currentMetrics };
    return this.#largest(turn, results, target.current);
  }

  #largest(
    turn: Turn,
    results: readonly MetricResult[],
    current: number,
  ): { replicas: number; name: string } | undefined {
    const good = results.filter((result) => 'replicas' in result);
    const failures = results.filter((result) => 'failure' in result).map(({ failure }) => failure);
    const best = good.reduce<{ replicas: number; name: string } | undefined>(
      (most, one) => (most && most.replicas >= one.replicas ? most : one),
      undefined,
    );
    const [failure] = failures;
    for (const { reason, detail } of failures) this.#warn(turn, reason, detail);
    if (failure && (!best || best.replicas < current)) {
      const message = `the HPA was unable to compute the replica count: ${failure.detail}`;
      this.#say(turn, { type: 'ScalingActive', status: 'False', reason: failure.reason, message });
      const count = `${failures.length} invalid out of ${results.length}`;
      const summary = `invalid metrics (${count}), first error is: ${failure.summary}`;
      this.#warn(turn, 'FailedComputeMetricsReplicas', summary);
      return undefined;
    }
    const message = `the HPA was able to successfully calculate a replica count from ${best?.name}`;
    this.#say(turn, { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message });
    return best;
  }

  #podsOf({ metadata }: Autoscaler, selector: string): Pod[] {
    const labels = parseLabelSelector(selector);
    return this.#pods
      .byIndex('namespace', metadata.namespace ?? '')
      .filter((pod) => labels.matches(pod.metadata.labels ?? {}));
  }

  #selector(turn: Turn, { scale }: Target): string | undefined {
    const { autoscaler } = turn;
    const selector = scale.status?.selector ?? '';
    if (selector === '') {
      this.#warn(turn, 'SelectorRequired', 'selector is required');
      const message = "the HPA target's scale is missing a selector";
      this.#say(turn, { type: 'ScalingActive', status: 'False', reason: 'InvalidSelector', message });
      return undefined;
    }
    this.#selectors.set(keyOf(autoscaler), selector);
    const rivals = this.#rivals(autoscaler, selector);
    if (rivals.length === 0) return selector;
    const all = [keyOf(autoscaler), ...rivals].sort();
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${all.join(' ')}]`;
    this.#warn(turn, 'AmbiguousSelector', message);
    this.#say(turn, { type: 'ScalingActive', status: 'False', reason: 'AmbiguousSelector', message });
    return undefined;
  }

  /** Other autoscalers of the same pods. */
  #rivals(autoscaler: Autoscaler, selector: string): string[] {
    const pods = this.#podsOf(autoscaler, selector);
    return [...this.#selectors].flatMap(([key, text]) => {
      const isOther = key !== keyOf(autoscaler) && splitKey(key).namespace === autoscaler.metadata.namespace;
      if (!isOther) return [];
      const labels = parseLabelSelector(text);
      return pods.some((pod) => labels.matches(pod.metadata.labels ?? {})) ? [key] : [];
    });
  }

  #bounded(turn: Turn, current: number, wanted: { replicas: number; name: string }): Decision {
    const { autoscaler, memory, nowMs } = turn;
    const desired = wanted.replicas;
    const up = desired > current ? `${wanted.name} above target` : '';
    const reason = desired < current ? 'All metrics below target' : up;
    const settled = stabilize({ autoscaler, current, desired, memory, nowMs });
    this.#say(turn, { type: 'AbleToScale', status: 'True', reason: settled.reason, message: settled.message });
    const limited = limitRate({ autoscaler, current, desired: settled.replicas, memory, nowMs });
    const status = limited.replicas === settled.replicas ? 'False' : 'True';
    this.#say(turn, { type: 'ScalingLimited', status, reason: limited.reason, message: limited.message });
    return { replicas: limited.replicas, reason };
  }

  async #rescale(turn: Turn, target: Target, { replicas, reason }: Decision): Promise<void> {
    const { autoscaler, memory, nowMs } = turn;
    try {
      await this.#writeScale(target, autoscaler.spec.scaleTargetRef.name, replicas);
    } catch (error) {
      const why = messageOf(error);
      this.#warn(turn, 'FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${why}`);
      const message = `the HPA controller was unable to update the target scale: ${why}`;
      this.#say(turn, { type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale', message });
      return;
    }
    const message = `the HPA controller was able to update the target scale to ${replicas}`;
    this.#say(turn, { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message });
    const said = `New size: ${replicas}; reason: ${reason}`;
    this.#events.record(autoscaler, { type: 'Normal', reason: 'SuccessfulRescale', message: said });
    rememberChange(memory, replicas - target.current, nowMs);
    turn.status = { ...turn.status, desiredReplicas: replicas, lastScaleTime: timestamp(nowMs) };
  }

  /** A workload that changed meanwhile is read again, a few times. */
  async #writeScale({ ref, scale }: Target, name: string, replicas: number): Promise<void> {
    const { client } = this.#context;
    let latest = scale;
    for (let attempt = 1; ; attempt++) {
      try {
        await client.update(ref, { ...latest, spec: { ...latest.spec, replicas } }, 'scale');
        return;
      } catch (error) {
        if (attempt === 5 || !isApiError(error, 'Conflict')) throw error;
        latest = await client.get(ref, scale.metadata.namespace, name, 'scale'); // as above
      }
    }
  }

  async #writeStatus({ autoscaler, status }: Turn): Promise<void> {
    if (canonical(status) === canonical(autoscaler.status ?? {})) return;
    const changed = { ...autoscaler, status };
    this.#autoscalers.observe(await this.#context.client.update(refs.autoscalers, changed, 'status'));
  }
}
