import type { Clock, Logger } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import { EventRecorder } from '../../reconcile/event-recorder.ts';
import { Informer } from '../../reconcile/informer.ts';
import type { Stage } from './stage.ts';

export interface FollowedStagesOptions {
  readonly client: ClusterClient;
  /** The client that reads Stages and writes events about them. */
  readonly reader: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly compile: (object: ClusterObject) => Stage;
  readonly onChange: (stages: readonly Stage[]) => void;
  /** Resolves when `reader` may read. */
  readonly ready: () => Promise<void>;
}

const ref: ResourceRef = { group: 'kwok.x-k8s.io', resource: 'stages' };

/** The Stages of the cluster, from the moment their definition is installed until it is gone. */
export class FollowedStages {
  readonly #options: FollowedStagesOptions;
  readonly #events: EventRecorder;
  readonly #stopListening: () => void;
  readonly #compiled = new Map<string, { readonly version: string | undefined; readonly stage: Stage | undefined }>();
  #informer: Informer | undefined;

  constructor(options: FollowedStagesOptions) {
    this.#options = options;
    const { reader: client, clock, log } = options;
    this.#events = new EventRecorder({ client, clock, log, component: 'stages' });
    this.#stopListening = options.client.onResourcesChanged(() => this.#look());
    this.#look();
  }

  stop(): void {
    this.#stopListening();
    this.#informer?.stop();
  }

  #look(): void {
    const { client, reader, clock, log, ready, onChange } = this.#options;
    const isServed = client.resources().some(({ group, resource }) => group === ref.group && resource === ref.resource);
    if (isServed === (this.#informer !== undefined)) return;
    if (!isServed) {
      this.#informer?.stop();
      this.#informer = undefined;
      this.#compiled.clear();
      return onChange([]);
    }
    const informer = new Informer({ client: reader, clock, log, ref });
    this.#informer = informer;
    informer.onChange(({ before, after }) => {
      if (this.#informer !== informer) return;
      if (after) this.#take(after);
      else if (before) this.#compiled.delete(before.metadata.name);
      onChange([...this.#compiled.values()].flatMap(({ stage }) => (stage ? [stage] : [])));
    });
    void ready().then(() => (this.#informer === informer ? informer.start() : undefined));
  }

  #take(object: ClusterObject): void {
    const { name, resourceVersion: version } = object.metadata;
    if (this.#compiled.get(name)?.version === version) return;
    this.#compiled.set(name, { version, stage: this.#stageOf(object) });
  }

  /** A stage that is wrong is not played; an event about it says why. */
  #stageOf(object: ClusterObject): Stage | undefined {
    try {
      return this.#options.compile({ ...object, apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage' });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#events.record(object, { type: 'Warning', reason: 'InvalidStage', message });
      this.#options.log.warn('a Stage cannot be played', { stage: object.metadata.name, error });
      return undefined;
    }
  }
}
