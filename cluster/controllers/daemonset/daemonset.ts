import type { ClusterObject } from '../../client.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';
import type { PodTemplate } from '../replicaset/replicaset.ts';

export interface DaemonSet extends ClusterObject {
  spec: {
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    selector: LabelSelector;
    template: PodTemplate;
    updateStrategy?: {
      type?: string;
      rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string };
    };
  };
  status?: Record<string, unknown>;
}
