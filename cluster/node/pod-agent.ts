import { type Clock, isApiError, type Logger } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../client.ts';
import { canonical } from '../reconcile/canonical.ts';
import { EventRecorder } from '../reconcile/event-recorder.ts';
import type { Informer } from '../reconcile/informer.ts';
import { keyOf, splitKey } from '../reconcile/object-key.ts';
import { isFinished, type Pod } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { WorkQueue } from '../reconcile/work-queue.ts';
import type { AddressPool } from './address-pool.ts';
import { killingEvent, type RunSetting, runsScript } from './container-run.ts';
import { type NodeIdentity, simulatedMark } from './node-object.ts';
import { Configuration } from './container/configuration.ts';
import type { ProcessStart } from './container/container-processes.ts';
import { noProblems, podProblems } from './pod-problems.ts';
import { acceptPod, adoptEphemeral, advancePod, nextDueMs, type PodRun } from './pod-run.ts';
import { podStatus } from './pod-status.ts';
import { simulationWishes } from './simulation-wishes.ts';
import type { StageDelays } from './stage-delays.ts';

/** One node as the agent of all of them keeps it. */
export interface SimulatedNode extends NodeIdentity {
  readonly addresses: AddressPool;
  readonly images: Set<string>;
}

export interface PodAgentOptions {
  readonly client: ClusterClient;
  /** The client of one node, by its name: what is written is written by the node itself. */
  readonly clientOf: (node: string) => ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pods: Informer<Pod>;
  readonly nodes: ReadonlyMap<string, SimulatedNode>;
  readonly delays: StageDelays;
  /** Runs a container's own command; does nothing when it runs already. */
  readonly startProcess: (start: ProcessStart) => void;
  /** Whether stages move this pod, and the agent does not. */
  readonly isStaged?: (pod: Pod) => boolean;
}

/** So many pods waiting to be looked at are much to do. */
const busyFrom = 20;
const soonMs = 1_500;

/** Runs the pods bound to the simulated nodes, and writes in their status how they are. */
export class PodAgent {
  readonly #options: PodAgentOptions;
  readonly #queue: WorkQueue;
  readonly #configuration: Configuration;
  readonly #runs = new Map<string, PodRun & { readonly node: SimulatedNode; stopAtMs?: number }>();
  readonly #events = new Map<string, EventRecorder>();

  constructor(options: PodAgentOptions) {
    this.#options = options;
    this.#configuration = new Configuration(options.client);
    const { clock, log, pods } = options;
    this.#queue = new WorkQueue({ name: 'node-agent', clock, log, workers: 64, work: (key) => this.#sync(key) });
    pods.onChange(({ before, after }) => {
      if (before && before.metadata.uid !== after?.metadata.uid) this.#forget(before);
      if (after?.spec.nodeName && options.nodes.has(after.spec.nodeName)) this.#queue.add(keyOf(after));
    });
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
    await Promise.all([...this.#events.values()].map((events) => events.flush()));
  }

  /** Ends the container's process with this exit code, as if it had exited by itself. */
  endContainer(pod: Pod, container: string, exitCode: number): void {
    const run = this.#runs.get(pod.metadata.uid ?? '');
    const ending = run?.containers.find(({ spec, stage }) => spec.name === container && stage === 'running');
    if (!ending) return;
    Object.assign(ending, { givenExitCode: exitCode, dueMs: this.#options.clock.now() });
    this.#queue.add(keyOf(pod));
  }

  async #sync(key: string): Promise<void> {
    const found = this.#placed(key);
    if (!found) return;
    const { pod, node } = found;
    if (this.#options.isStaged?.(pod)) return void this.#runs.delete(pod.metadata.uid ?? ''); // its address goes along
    if (pod.metadata.deletionTimestamp) return this.#terminate(pod, node);
    if (isFinished(pod)) return this.#forget(pod);
    const first = this.#setting(pod, node);
    const run = this.#runOf(pod, node, first);
    adoptEphemeral(run, pod, first);
    const problems = await podProblems(this.#configuration, { pod, run, nowMs: first.nowMs });
    const setting = { ...first, problems };
    const events = advancePod(run, setting);
    for (const event of events) this.#recorder(node).record(pod, event);
    this.#startProcesses(pod, run, setting);
    const dueMs = nextDueMs(run, setting.nowMs);
    await this.#writeStatus(pod, run, { ...setting, dueMs });
    if (dueMs !== undefined) this.#queue.addAfter(key, Math.max(0, dueMs - this.#options.clock.now()));
  }

  /** The pod of the key with its node, if it is on one of ours. */
  #placed(key: string): { pod: Pod; node: SimulatedNode } | undefined {
    const { namespace, name } = splitKey(key);
    const pod = this.#options.pods.get(namespace, name);
    const node = this.#options.nodes.get(pod?.spec.nodeName ?? '');
    return pod && node && { pod, node };
  }

  #startProcesses(pod: Pod, run: PodRun, setting: RunSetting): void {
    for (const container of run.containers.filter((one) => runsScript(one, setting))) {
      const { spec, restartCount } = container;
      const placed = { ...pod, status: { ...pod.status, podIP: run.ip } };
      const ended = (exitCode: number): void => {
        if (container.restartCount === restartCount) this.endContainer(pod, spec.name, exitCode);
      };
      this.#options.startProcess({ pod: placed, spec, restartCount, ended });
    }
  }

  /** As an agent with much to do skips what it is about to say anew: whether a status need not be written at all. */
  #isToBeOvertaken(dueMs: number | undefined): boolean {
    if (dueMs === undefined || this.#queue.backlog < busyFrom) return false;
    return dueMs - this.#options.clock.now() < soonMs;
  }

  #setting(pod: Pod, { images, hostIP }: SimulatedNode): RunSetting & { hostIP: string } {
    const { uid = '', name, namespace = '' } = pod.metadata;
    const restartPolicy = pod.spec.restartPolicy ?? 'Always';
    const { clock, delays } = this.#options;
    const wishes = simulationWishes(pod.metadata.annotations);
    const identity = { uid, name, namespace, restartPolicy };
    return { nowMs: clock.now(), pod: identity, delays, images, hostIP, wishes, problems: noProblems };
  }

  #runOf(pod: Pod, node: SimulatedNode, setting: RunSetting): PodRun {
    const uid = setting.pod.uid;
    const known = this.#runs.get(uid);
    if (known) return known;
    const ip = pod.spec.hostNetwork ? node.hostIP : node.addresses.take(uid, pod.status?.podIP);
    const run = { ...acceptPod(pod, ip, setting), node };
    this.#runs.set(uid, run);
    return run;
  }

  async #writeStatus(
    pod: Pod,
    run: PodRun,
    setting: RunSetting & { hostIP: string; dueMs: number | undefined },
  ): Promise<void> {
    if (this.#isToBeOvertaken(setting.dueMs)) return;
    const status = podStatus(pod, run, setting);
    const known: Record<string, unknown> = { ...pod.status };
    const { namespace, name, uid, annotations } = pod.metadata;
    // With the first status: whoever sees the pod run sees that it only pretends.
    const isMarked = annotations?.[simulatedMark] === 'true';
    if (isMarked && Object.entries(status).every(([field, value]) => canonical(value) === canonical(known[field])))
      return;
    const mark = isMarked ? {} : { annotations: { [simulatedMark]: 'true' } };
    const body = { metadata: { uid, ...mark }, status };
    const written = await this.#options
      .clientOf(pod.spec.nodeName ?? '')
      .patch(refs.pods, namespace, name, { type: 'merge', body }, 'status');
    this.#options.pods.observe(written);
  }

  /** Stops the containers within the grace period, then tells the server that nothing of the pod is left. */
  async #terminate(pod: Pod, node: SimulatedNode): Promise<void> {
    const leftMs = this.#stopAtMs(pod, node) - this.#options.clock.now();
    if (leftMs > 0) return this.#queue.addAfter(keyOf(pod), leftMs);
    const { namespace, name, uid } = pod.metadata;
    try {
      await this.#options.clientOf(node.name).delete(refs.pods, namespace, name, { uid, gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
    }
    this.#forget(pod);
  }

  /** When the last container has stopped; the first time this is asked, they are told to. */
  #stopAtMs(pod: Pod, node: SimulatedNode): number {
    const { clock, delays } = this.#options;
    const { uid = '', deletionGracePeriodSeconds: graceSeconds = 30 } = pod.metadata;
    const run = this.#runs.get(uid);
    if (!run) return 0;
    if (run.stopAtMs === undefined) {
      run.stopAtMs = clock.now() + Math.min(graceSeconds * 1000, delays.stage('stop', uid));
      const running = run.containers.filter(({ stage }) => stage === 'running');
      for (const container of running) this.#recorder(node).record(pod, killingEvent(container));
    }
    return run.stopAtMs;
  }

  #forget({ metadata }: ClusterObject): void {
    const uid = metadata.uid ?? '';
    const run = this.#runs.get(uid);
    if (!run) return;
    run.node.addresses.release(run.ip, uid);
    this.#runs.delete(uid);
  }

  #recorder({ name }: SimulatedNode): EventRecorder {
    const { clientOf, clock, log } = this.#options;
    const known = this.#events.get(name);
    if (known) return known;
    const recorder = new EventRecorder({ client: clientOf(name), clock, log, component: 'kubelet', host: name });
    this.#events.set(name, recorder);
    return recorder;
  }
}
