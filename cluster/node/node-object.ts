import { createHash } from 'node:crypto';
import type { ClusterObject } from '../client.ts';

/** Marks nodes, and the pods on them, that only pretend to run anything. */
export const simulatedMark = 'node.cluster.local/simulated';

export interface NodeIdentity {
  readonly name: string;
  readonly hostIP: string;
  readonly podCIDR: string;
}

/** The nth simulated node, counted from 0: `node-1` is the first. */
export function nodeIdentity(index: number, podCIDR: string): NodeIdentity {
  return { name: `node-${index + 1}`, hostIP: `172.20.${index >> 8}.${(index & 255) + 1}`, podCIDR };
}

const resources = {
  cpu: '8',
  memory: '32Gi',
  pods: '110',
  'ephemeral-storage': '100Gi',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
};

const healthy: readonly [type: string, status: string, reason: string, message: string][] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

function idFrom(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** The node as it registers itself. */
export function nodeObject({ name, podCIDR }: NodeIdentity): ClusterObject {
  const platform = { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        ...platform,
        'kubernetes.io/hostname': name,
        [simulatedMark]: 'true',
      },
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { podCIDR, podCIDRs: [podCIDR] },
  };
}

interface NodeCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
}

/** What the node's status has said so far. */
export function conditionsOf({
  status,
}: ClusterObject & { status?: { conditions?: readonly NodeCondition[] } }): readonly NodeCondition[] {
  return status?.conditions ?? [];
}

/** The node's status at `now`; transition times of conditions that have not changed are kept. */
export function nodeStatus(
  { name, hostIP }: NodeIdentity,
  before: ClusterObject,
  now: string,
): Record<string, unknown> {
  const known = conditionsOf(before);
  const conditions = healthy.map(([type, status, reason, message]) => {
    const same = known.find((one) => one.type === type && one.status === status);
    return {
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: now,
      lastTransitionTime: same?.lastTransitionTime ?? now,
    };
  });
  const id = idFrom(name);
  return {
    addresses: [
      { type: 'InternalIP', address: hostIP },
      { type: 'Hostname', address: name },
    ],
    capacity: resources,
    allocatable: resources,
    conditions,
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
      containerRuntimeVersion: 'simulated://1.0',
      kernelVersion: '0.0.0-simulated',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3',
      machineID: id,
      operatingSystem: 'linux',
      osImage: 'Simulated node',
      systemUUID: id,
    },
  };
}
