import type { ClusterObject } from '../../client.ts';
import { type ContainerSpec, isFinished, isReady, type Pod } from '../../reconcile/pod.ts';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

export interface Service extends ClusterObject {
  spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Record<string, string>;
    readonly ports?: readonly ServicePort[];
    readonly publishNotReadyAddresses?: boolean;
  };
}

/** One pod behind a service: where it is, its port numbers, and whether traffic may go there. */
export interface PodEndpoint {
  readonly pod: Pod;
  readonly ip: string;
  readonly ports: readonly { name?: string; port: number; protocol: string; appProtocol?: string }[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

function portNumber(pod: Pod, { targetPort, port, protocol = 'TCP' }: ServicePort): number | undefined {
  if (typeof targetPort !== 'string') return targetPort ?? port;
  const ports = pod.spec.containers.flatMap((container: ContainerSpec) => container.ports ?? []);
  return ports.find((one) => one.name === targetPort && (one.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** The service's endpoints, by address. Pods without address, finished pods and unknown named ports are left out. */
export function endpointsOf(service: Service, pods: readonly Pod[]): PodEndpoint[] {
  const publishAll = service.spec.publishNotReadyAddresses === true;
  const found = pods.flatMap((pod): PodEndpoint[] => {
    const ip = pod.status?.podIP;
    if (!ip || isFinished(pod)) return [];
    const serving = isReady(pod);
    const terminating = pod.metadata.deletionTimestamp !== undefined;
    const ports = (service.spec.ports ?? []).flatMap((one) => {
      const port = portNumber(pod, one);
      const { name, protocol = 'TCP', appProtocol } = one;
      return port === undefined ? [] : [{ ...(name && { name }), port, protocol, ...(appProtocol && { appProtocol }) }];
    });
    return [{ pod, ip, ports, ready: publishAll || (serving && !terminating), serving, terminating }];
  });
  return found.sort((a, b) => (a.ip < b.ip ? -1 : 1));
}

/** The latest change of readiness among the endpoints' pods, whole seconds, as the objects' trigger-time annotation. */
export function lastChange(service: Service, endpoints: readonly PodEndpoint[]): string {
  const changes = endpoints.map(({ pod }) => {
    return pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';
  });
  return [service.metadata.creationTimestamp ?? '', ...changes].sort().at(-1) ?? '';
}

/** Endpoints with the same ports together, in a stable order: each group is one subset or one slice. */
export function groupByPorts(endpoints: readonly PodEndpoint[]): PodEndpoint[][] {
  const groups = new Map<string, PodEndpoint[]>();
  for (const endpoint of endpoints) {
    const key = JSON.stringify(endpoint.ports);
    const group = groups.get(key);
    if (group) group.push(endpoint);
    else groups.set(key, [endpoint]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
