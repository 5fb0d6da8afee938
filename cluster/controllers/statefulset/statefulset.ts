import type { ClusterObject } from '../../client.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';
import type { PodTemplate } from '../replicaset/replicaset.ts';

export interface StatefulSet extends ClusterObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    serviceName?: string;
    podManagementPolicy?: string;
    revisionHistoryLimit?: number;
    selector: LabelSelector;
    template: PodTemplate;
    ordinals?: { start?: number };
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
    volumeClaimTemplates?: readonly ClusterObject[];
  };
  status?: {
    observedGeneration?: number;
    replicas: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    collisionCount?: number;
  };
}

export const revisionLabel = 'controller-revision-hash';
