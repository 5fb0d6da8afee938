import type { ClusterObject } from '../../client.ts';

/** What a scheduler is to decide: nodes, what is there already, and pods to place one after the other. */
export interface Scenario {
  readonly why: string;
  readonly nodes: readonly ClusterObject[];
  readonly there?: readonly ClusterObject[];
  readonly pods: readonly ClusterObject[];
  /** The scheduler may choose among equals: only that the pods are placed counts. */
  readonly anyNode?: boolean;
}

/** What has become of a scenario. */
export interface Outcome {
  /** By pod: its node, or why it has none. */
  readonly pods: Readonly<Record<string, string>>;
  /** Pods that were there and are not any more. */
  readonly gone: readonly string[];
}

type Labels = Record<string, string>;

/** A node with 4 CPUs, 8 GiB and room for 10 pods. */
export function node(
  name: string,
  more: {
    zone?: string;
    labels?: Labels;
    taints?: object[];
    unschedulable?: boolean;
    has?: Labels;
    images?: object[];
  } = {},
): ClusterObject {
  const { zone, labels, taints, unschedulable, has, images } = more;
  const allocatable = { cpu: '4', memory: '8Gi', pods: '10', ...has };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, ...(zone && { 'topology.kubernetes.io/zone': zone }), ...labels },
    },
    spec: { ...(taints && { taints }), ...(unschedulable && { unschedulable }) },
    status: { allocatable, capacity: allocatable, ...(images && { images }) },
  };
}

export interface PodOptions {
  readonly on?: string;
  readonly labels?: Labels;
  readonly cpu?: string;
  readonly memory?: string;
  readonly priority?: 'high' | 'middle' | 'low' | 'polite';
  readonly spec?: object;
  readonly container?: object;
  readonly owner?: string;
}

/** A pod of one container; with `on` it runs there already. */
export function pod(name: string, options: PodOptions = {}): ClusterObject {
  const { on, labels, cpu, memory, priority, spec, container, owner } = options;
  const requests = { ...(cpu && { cpu }), ...(memory && { memory }) };
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...(labels && { labels }), ...(owner && { ownerReferences: ownerReferences as never }) }, // written as JSON
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      ...(on && { nodeName: on }),
      ...(priority && { priorityClassName: `scenario-${priority}` }),
      containers: [{ name: 'c', image: 'web:1', resources: { requests }, ...container }],
      ...spec,
    },
  };
}

/** The priority classes that `pod` names. */
export const priorityClasses: readonly ClusterObject[] = Object.entries({
  high: 1000,
  middle: 500,
  low: 100,
  polite: 1000,
}).map(([name, value]) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: `scenario-${name}` },
  value,
  ...(name === 'polite' && { preemptionPolicy: 'Never' }),
}));

export function claim(
  name: string,
  storageClassName: string,
  more: { spec?: object; annotations?: Labels } = {},
): ClusterObject {
  const { spec, annotations } = more;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, ...(annotations && { annotations }) },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName, ...spec },
  };
}

export function storageClass(name: string, provisioner: string, more: object = {}): ClusterObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner,
    volumeBindingMode: 'WaitForFirstConsumer',
    ...more,
  };
}

/** A volume of 1 GiB; with `at` on that node only. */
export function volume(
  name: string,
  storageClassName: string,
  more: { at?: string; spec?: object } = {},
): ClusterObject {
  const { at, spec } = more;
  const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [at] }] }];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName,
      hostPath: { path: '/tmp/none' },
      ...(at && { nodeAffinity: { required: { nodeSelectorTerms: terms } } }),
      ...spec,
    },
  };
}
