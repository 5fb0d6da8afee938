import type { ClusterObject } from '../client.ts';
import type { NodeSelectorTerm, Pod, PodSpec } from '../reconcile/pod.ts';
import type { LabelSelector } from '../reconcile/selectors.ts';

/** Pods to be near to or away from. */
export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly topologyKey: string;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

export interface WeightedPodAffinityTerm {
  readonly weight: number;
  readonly podAffinityTerm: PodAffinityTerm;
}

interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[];
}

export interface PreferredNodes {
  readonly weight: number;
  readonly preference: NodeSelectorTerm;
}

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
}

export interface PodVolume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly ephemeral?: object;
  readonly gcePersistentDisk?: { readonly pdName: string; readonly readOnly?: boolean };
  readonly iscsi?: {
    readonly iqn: string;
    readonly targetPortal: string;
    readonly lun: number;
    readonly readOnly?: boolean;
  };
  readonly rbd?: {
    readonly monitors: readonly string[];
    readonly pool: string;
    readonly image: string;
    readonly readOnly?: boolean;
  };
}

type Quantities = Record<string, string | number>;

/** The part of a pod's spec that decides where it may run. */
export interface PlacementSpec extends PodSpec {
  readonly affinity?: {
    nodeAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: readonly NodeSelectorTerm[] };
      preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredNodes[];
    };
    podAffinity?: PodAffinity;
    podAntiAffinity?: PodAffinity;
  };
  readonly topologySpreadConstraints?: readonly SpreadConstraint[];
  readonly priority?: number;
  readonly preemptionPolicy?: string;
  readonly overhead?: Quantities;
  readonly resources?: { requests?: Quantities; limits?: Quantities };
  readonly volumes?: readonly PodVolume[];
}

/** A Pod, as far as the scheduler reads it. */
export interface SchedulablePod extends Pod {
  spec: PlacementSpec;
  status?: Pod['status'] & { readonly nominatedNodeName?: string };
}

type Field = Readonly<Record<string, unknown>>;

function pick(object: Field, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter((field) => object[field] !== undefined).map((field) => [field, object[field]]),
  );
}

const specFields = [
  ...['nodeName', 'schedulerName', 'hostNetwork', 'nodeSelector', 'affinity', 'tolerations', 'schedulingGates'],
  ...['topologySpreadConstraints', 'priority', 'preemptionPolicy', 'overhead', 'resources'],
];
const containerFields = ['name', 'image', 'ports', 'resources', 'restartPolicy'];
const statusFields = ['phase', 'conditions', 'nominatedNodeName', 'startTime'];

/** The pod without all that plays no part in placing it: tens of thousands of them are kept. */
export function keepForScheduling(object: ClusterObject): SchedulablePod {
  const { apiVersion, kind, spec, status } = object as ClusterObject & { spec: Field; status?: Field }; // a pod has a spec
  const { managedFields: _managers, ...metadata } = object.metadata;
  const containers = (list: unknown): unknown =>
    (list as readonly Field[] | undefined)?.map((container) => pick(container, containerFields)); // the schema has checked it
  const kept = {
    ...pick(spec, specFields),
    containers: containers(spec.containers),
    ...(spec.initContainers ? { initContainers: containers(spec.initContainers) } : {}),
    ...(spec.volumes ? { volumes: (spec.volumes as readonly PodVolume[]).filter(isScheduled) } : {}), // as above
  };
  return {
    apiVersion,
    kind,
    metadata,
    spec: kept,
    status: pick(status ?? {}, statusFields),
  } as unknown as SchedulablePod; // picked field by field
}

function isScheduled({ persistentVolumeClaim, ephemeral, gcePersistentDisk, iscsi, rbd }: PodVolume): boolean {
  return Boolean(persistentVolumeClaim ?? ephemeral ?? gcePersistentDisk ?? iscsi ?? rbd);
}
