import type { ClusterObject } from '../../client.ts';
import type { Condition } from '../../reconcile/conditions.ts';
import type { LabelSelector } from '../../reconcile/selectors.ts';

type Amount = string | number;

export interface MetricTarget {
  readonly type: 'Utilization' | 'AverageValue' | 'Value';
  readonly averageUtilization?: number;
  readonly averageValue?: Amount;
  readonly value?: Amount;
}

interface NamedMetric {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface ObjectReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}

/** One metric a workload is scaled by; the field named like the type is set. */
export interface MetricSpec {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target: MetricTarget };
  readonly containerResource?: { readonly name: string; readonly container: string; readonly target: MetricTarget };
  readonly pods?: { readonly metric: NamedMetric; readonly target: MetricTarget };
  readonly object?: {
    readonly describedObject: ObjectReference;
    readonly metric: NamedMetric;
    readonly target: MetricTarget;
  };
  readonly external?: { readonly metric: NamedMetric; readonly target: MetricTarget };
}

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
  readonly policies?: readonly ScalingPolicy[];
  readonly tolerance?: Amount;
}

export interface AutoscalerStatus {
  readonly observedGeneration?: number;
  readonly lastScaleTime?: string;
  readonly currentReplicas?: number;
  readonly desiredReplicas: number;
  readonly currentMetrics?: readonly unknown[] | null;
  readonly conditions?: readonly Condition[];
}

export interface Autoscaler extends ClusterObject {
  spec: {
    scaleTargetRef: ObjectReference;
    minReplicas?: number;
    maxReplicas: number;
    metrics?: readonly MetricSpec[];
    behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules };
  };
  status?: AutoscalerStatus;
}
