import type { Clock, Logger } from '@kit/base';
import type { EventDraft } from '../../reconcile/event-recorder.ts';
import type { Configuration } from '../container/configuration.ts';
import type { EngineContainers } from './engine-containers.ts';
import type { EnginePod } from './engine-pod.ts';
import type { Engine } from './find-engine.ts';
import type { ImagePuller } from './image-puller.ts';
import type { PodNetwork } from './pod-network.ts';
import type { PodVolumes } from './pod-volumes.ts';

/** What the pods of one node share. */
export interface NodeParts {
  readonly engine: Engine;
  readonly containers: EngineContainers;
  readonly images: ImagePuller;
  readonly volumes: PodVolumes;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Logger;
  /** The engine's network that pods are in. */
  readonly network: PodNetwork;
  readonly hostIP: string;
  /** Where pods ask for names. */
  readonly clusterDns: string;
  readonly record: (pod: EnginePod, event: EventDraft) => void;
}

/** The engine's part of container ids. */
export function idScheme({ isPodman }: Engine): string {
  return isPodman ? 'podman' : 'docker';
}
