import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import type { ClusterObject } from '../../client.ts';
import { conditionsOf } from '../node-object.ts';
import type { EngineInfo, InspectedImage } from './engine-types.ts';
import type { Engine } from './find-engine.ts';
import { architectureOf } from './pause-image.ts';
import { capacityOf } from './node-capacity.ts';

export interface EngineNodeIdentity {
  readonly name: string;
  readonly hostIP: string;
  readonly podCIDR: string;
}

/** The node is called as the machine is. */
export function machineName(): string {
  return (
    hostname()
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '') || 'engine'
  );
}

/** The machine's address on its network; `gateway`, that in the pods' own, when it has none. */
export function machineAddress(gateway: string): string {
  const own = Object.entries(networkInterfaces()).filter(([name]) => !/^(docker|podman|cni|veth|br-)/.test(name));
  const addresses = own.flatMap(([, found]) => found ?? []).filter(({ address }) => address !== gateway);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? gateway;
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return createHash('sha256').update(hostname()).digest('hex').slice(0, 32);
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** The node as it registers itself. */
export function engineNodeObject({ name, podCIDR }: EngineNodeIdentity, engine: Engine): ClusterObject {
  const arch = architectureOf(engine);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': arch,
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': arch,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
      },
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { podCIDR, podCIDRs: [podCIDR] },
  };
}

const pressures: readonly [type: string, reason: string, message: string][] = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
];

interface Claim {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

function claims(problem: string | undefined): Claim[] {
  const ready = problem === undefined;
  return [
    ...pressures.map(([type, reason, message]) => ({ type, status: 'False', reason, message })),
    {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      reason: ready ? 'KubeletReady' : 'KubeletNotReady',
      message: ready ? 'kubelet is posting ready status' : `container runtime is down: ${problem}`,
    },
  ];
}

async function diskKib(folder: string): Promise<string> {
  const { blocks, bsize } = await statfs(folder);
  return `${Math.floor((blocks * bsize) / 1024)}Ki`;
}

const mostImages = 50;

async function imagesOf({ client }: Engine): Promise<object[]> {
  const listed = await client.json<InspectedImage[]>('GET', '/images/json');
  return listed
    .map(({ RepoTags, RepoDigests, Size }) => ({
      names: [...(RepoDigests ?? []), ...(RepoTags ?? [])],
      sizeBytes: Size,
    }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, mostImages);
}

function nodeInfo(info: EngineInfo, engine: Engine): object {
  const id = machineId();
  return {
    architecture: architectureOf(engine),
    bootID: bootId(),
    containerRuntimeVersion: `${engine.isPodman ? 'podman' : 'docker'}://${info.ServerVersion}`,
    kernelVersion: info.KernelVersion,
    kubeProxyVersion: '',
    kubeletVersion: 'v1.36.3',
    machineID: id,
    operatingSystem: 'linux',
    osImage: [info.OperatingSystem, info.OSVersion].filter(Boolean).join(' '),
    systemUUID: id,
  };
}

/** The node's status at `now`: what the engine says, or that it says nothing. */
export async function engineNodeStatus(
  { name, hostIP }: EngineNodeIdentity,
  { engine, folder }: { readonly engine: Engine; readonly folder: string },
  { before, now }: { readonly before: ClusterObject; readonly now: string },
): Promise<Record<string, unknown>> {
  const asked = await imagesOf(engine).then(
    (images) => ({ images, problem: undefined }),
    (error: unknown) => ({ images: undefined, problem: error instanceof Error ? error.message : String(error) }),
  );
  const known = conditionsOf(before);
  const conditions = claims(asked.problem).map((claim) => {
    const same = known.find(({ type, status }) => type === claim.type && status === claim.status);
    return { ...claim, lastHeartbeatTime: now, lastTransitionTime: same?.lastTransitionTime ?? now };
  });
  const capacity = { ...capacityOf(engine.info), pods: '110', 'ephemeral-storage': await diskKib(folder) };
  return {
    addresses: [
      { type: 'InternalIP', address: hostIP },
      { type: 'Hostname', address: name },
    ],
    capacity,
    allocatable: capacity,
    conditions,
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    ...(asked.images && { images: asked.images }),
    nodeInfo: nodeInfo(engine.info, engine),
  };
}
