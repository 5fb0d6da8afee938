import type { ClusterObject } from '../../../client.ts';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly nodePort?: number;
}

export interface Service extends ClusterObject {
  spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly ports?: readonly ServicePort[];
    readonly externalIPs?: readonly string[];
    readonly sessionAffinity?: string;
    readonly publishNotReadyAddresses?: boolean;
  };
}

export interface EndpointSlice extends ClusterObject {
  readonly addressType: string;
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean };
        readonly hostname?: string;
      }[]
    | null;
  readonly ports?: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[] | null;
}

export interface Target {
  readonly ip: string;
  readonly port: number;
}

const ownerLabel = 'kubernetes.io/service-name';

/** The name of the service a slice belongs to, with its namespace. */
export function serviceKeyOf({ metadata }: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[ownerLabel] ?? ''}`;
}

/** Where connections to a port of a service go. */
export function targetsOf(slices: readonly EndpointSlice[], { name = '', protocol = 'TCP' }: ServicePort): Target[] {
  return slices.flatMap(({ endpoints, ports, addressType }) => {
    const found = (ports ?? []).find((one) => (one.name ?? '') === name && (one.protocol ?? 'TCP') === protocol);
    const port = found?.port;
    if (port === undefined || addressType !== 'IPv4') return [];
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return ready.flatMap(({ addresses }) => addresses.map((ip) => ({ ip, port })));
  });
}

/** Connections to this address and port of a service go to one of the targets. */
export interface Forwarding {
  readonly service: string;
  readonly protocol: 'tcp' | 'udp';
  readonly ip: string;
  readonly port: number;
  readonly targets: readonly Target[];
  /** Any address of the machine, as with a node port. */
  readonly isNodePort?: boolean;
  readonly sticksToClient?: boolean;
}

/** Everything a node forwards for the services there are. */
export function forwardings(
  services: readonly Service[],
  slicesOf: (key: string) => readonly EndpointSlice[],
): Forwarding[] {
  return services.flatMap(({ metadata, spec }) => {
    const key = `${metadata.namespace}/${metadata.name}`;
    if (spec.type === 'ExternalName' || !spec.clusterIP || spec.clusterIP === 'None') return [];
    return (spec.ports ?? []).flatMap((port) => {
      const protocol = (port.protocol ?? 'TCP').toLowerCase();
      if (protocol !== 'tcp' && protocol !== 'udp') return [];
      const base = {
        service: `${key}:${port.name ?? port.port}`,
        protocol,
        targets: targetsOf(slicesOf(key), port),
        sticksToClient: spec.sessionAffinity === 'ClientIP',
      } as const;
      const ips = [spec.clusterIP ?? '', ...(spec.externalIPs ?? [])].map((ip) => ({ ...base, ip, port: port.port }));
      return [...ips, ...(port.nodePort ? [{ ...base, ip: '', port: port.nodePort, isNodePort: true }] : [])];
    });
  });
}
