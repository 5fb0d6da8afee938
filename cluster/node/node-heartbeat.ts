import { type Clock, isApiError, type Logger, timestamp } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../client.ts';
import { EventRecorder, microTime } from '../reconcile/event-recorder.ts';
import { refs } from '../reconcile/resource-refs.ts';
import { conditionsOf, type NodeIdentity, nodeObject, nodeStatus } from './node-object.ts';

export interface HeartbeatOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly node: NodeIdentity;
  /** How much of a period passes before the second sign of life, 0 to 1: many nodes do not speak all at once. Default 1. */
  readonly phase?: number;
  /** Whether stages write the status of this node. */
  readonly isStaged?: (node: ClusterObject) => boolean;
  /** How a node that is not simulated describes itself, and how often. */
  readonly registration?: {
    readonly statusMs: number;
    object(): ClusterObject;
    status(before: ClusterObject, now: string): Promise<Record<string, unknown>>;
  };
}

const renewMs = 10_000;
const statusMs = 5 * 60_000;
const leaseNamespace = 'kube-node-lease';

/** Registers one node and shows that it lives: a lease every ten seconds, its whole status every five minutes. */
export class NodeHeartbeat {
  readonly #options: HeartbeatOptions;
  readonly #events: EventRecorder;
  #statusAtMs = -Infinity;
  #uid = '';
  #cancel: () => void = () => undefined;
  #beat: Promise<void> = Promise.resolve();
  #stopped = false;
  #isFirst = true;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#events = new EventRecorder({ ...options, component: 'kubelet', host: options.node.name });
  }

  /** Tries until the server has taken the node; then goes on by itself, until somebody deletes the node. */
  start(): void {
    this.#beat = this.#once().then(
      () => this.#again(this.#pauseMs()),
      (error: unknown) => {
        const { log, node } = this.#options;
        if (this.#uid && isApiError(error, 'NotFound'))
          return log.info('a node was deleted, its agent stops', { node: node.name });
        log.warn('a node heartbeat failed, trying again', { node: node.name, error });
        return this.#again(1_000);
      },
    );
  }

  #pauseMs(): number {
    const { phase = 1 } = this.#options;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst ? renewMs * phase : renewMs;
  }

  #again(pauseMs: number): void {
    if (!this.#stopped) this.#cancel = this.#options.clock.after(pauseMs, () => this.start());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#beat;
    await this.#events.flush();
  }

  async #once(): Promise<void> {
    const { clock, registration, phase = 1 } = this.#options;
    const periodMs = registration?.statusMs ?? statusMs;
    if (clock.now() - this.#statusAtMs >= periodMs) {
      await this.#writeStatus();
      this.#statusAtMs = clock.now() - (this.#isFirst ? periodMs * (1 - phase) : 0);
    }
    await this.#renewLease();
  }

  /** The node as the server has it; made once, at the start: a node that is deleted later stays away. */
  async #register(): Promise<ClusterObject> {
    const { client, node, registration } = this.#options;
    try {
      return await client.get(refs.nodes, undefined, node.name);
    } catch (error) {
      if (this.#uid || !isApiError(error, 'NotFound')) throw error;
      const created = await client.create(refs.nodes, registration?.object() ?? nodeObject(node));
      this.#events.record(nodeReference(created), { type: 'Normal', reason: 'Starting', message: 'Starting kubelet.' });
      return created;
    }
  }

  async #writeStatus(): Promise<void> {
    const { client, clock, node, registration } = this.#options;
    const registered = await this.#register();
    this.#uid = registered.metadata.uid ?? '';
    if (this.#options.isStaged?.(registered)) return;
    const now = timestamp(clock.now());
    const status = (await registration?.status(registered, now)) ?? nodeStatus(node, registered, now);
    const body = { status };
    const written = await client.patch(refs.nodes, undefined, node.name, { type: 'merge', body }, 'status');
    if (conditionsOf(registered).length > 0) return;
    const message = `Node ${node.name} status is now: NodeReady`;
    this.#events.record(nodeReference(written), { type: 'Normal', reason: 'NodeReady', message });
  }

  async #renewLease(): Promise<void> {
    const { client, clock, node } = this.#options;
    const renewTime = microTime(clock.now());
    try {
      const body = { spec: { renewTime, holderIdentity: node.name } };
      await client.patch(refs.leases, leaseNamespace, node.name, { type: 'merge', body });
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
      // A lease goes with its node; without this look the two would come and go for ever.
      const { metadata } = await client.get(refs.nodes, undefined, node.name);
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: metadata.uid ?? '' }];
      await client.create(refs.leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: node.name, namespace: leaseNamespace, ownerReferences },
        spec: { holderIdentity: node.name, leaseDurationSeconds: 40, renewTime },
      });
    }
  }
}

// Events about nodes carry the node's name as uid: that is how `kubectl describe node` finds an agent's events.
function nodeReference({ metadata }: ClusterObject): ClusterObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: metadata.name, uid: metadata.name } };
}
