import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NodeRuntime, PodKey } from '../../node-runtime.ts';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import { OutboundError } from './outbound-error.ts';

/** Where a connection goes. */
export interface Destination {
  /** For names in texts, and to tell connections apart. */
  readonly host: string;
  readonly port: number;
  /** How to get there when it is not by TCP from this process. */
  readonly dial?: () => Promise<Duplex>;
}

/** What is asked to find the endpoints of a Service. */
export interface ServiceDeps {
  readonly storage: Storage;
  readonly nodes: { readonly runtime: NodeRuntime | undefined };
}

export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

interface Service {
  readonly spec?: {
    readonly type?: string;
    readonly externalName?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  };
}

interface Slice {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: {
      readonly kind?: string;
      readonly namespace?: string;
      readonly name?: string;
      readonly uid?: string;
    };
  }[];
}

const services = resourceKey('', 'services');
const slices = resourceKey('discovery.k8s.io', 'endpointslices');

function podOf(target: NonNullable<Slice['endpoints']>[number]['targetRef']): PodKey | undefined {
  if (target?.kind !== 'Pod') return undefined;
  const { namespace = '', name = '', uid = '' } = target;
  return { namespace, name, uid };
}

function readyEndpoints({ storage, nodes }: ServiceDeps, at: ServicePort, portName: string): Destination[] {
  return storage
    .list(slices, { namespace: at.namespace })
    .filter((version) => version.labels['kubernetes.io/service-name'] === at.name)
    .flatMap((version) => {
      const slice = version.object() as unknown as Slice; // the schema has checked it
      const port = slice.ports?.find(({ name = '' }) => name === portName)?.port;
      if (port === undefined) return [];
      const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
      return ready.map(({ addresses, targetRef }) => {
        const [host = ''] = addresses;
        const pod = podOf(targetRef);
        const { runtime } = nodes;
        return { host, port, ...(pod && runtime && { dial: () => runtime.dial(pod, port) }) };
      });
    });
}

/**
 * One ready endpoint of a Service, or the host an ExternalName stands for. Throws `OutboundError` with the real server's
 * words when there is none.
 */
export function serviceDestination(deps: ServiceDeps, at: ServicePort): Destination {
  const stored = deps.storage.get({ resource: services, namespace: at.namespace, name: at.name });
  if (!stored) throw new OutboundError(`service ${JSON.stringify(at.name)} not found`);
  const { spec = {} } = stored.object() as Service; // the schema has checked it
  if (spec.type === 'ExternalName') return { host: spec.externalName ?? '', port: at.port };
  const port = spec.ports?.find((known) => known.port === at.port);
  if (!port) throw new OutboundError(`no service port ${at.port} found for service ${JSON.stringify(at.name)}`);
  const found = readyEndpoints(deps, at, port.name ?? '');
  const chosen = found[Math.floor(Math.random() * found.length)];
  if (!chosen) throw new OutboundError(`no endpoints available for service ${JSON.stringify(at.name)}`);
  return chosen;
}

/** A connection to the destination; it may still be on its way. */
export async function openConnection({ host, port, dial }: Destination): Promise<Duplex> {
  return dial ? dial() : connect({ host, port });
}
