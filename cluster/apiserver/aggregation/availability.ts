import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import { OutboundError } from '../outbound/outbound-error.ts';
import { getRemote } from './remote-connection.ts';
import type { RemoteDeps } from './remote-connection.ts';
import type { RemoteService } from './remote-service.ts';

/** What the condition `Available` of an APIService says. */
export interface Availability {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

interface Service {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  };
}

interface Slice {
  readonly ports?: readonly { readonly name?: string }[];
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

const services = resourceKey('', 'services');
const slices = resourceKey('discovery.k8s.io', 'endpointslices');
const no = (reason: string, message: string): Availability => ({ status: 'False', reason, message });
const checkTimeoutMs = 5_000;

/** What stands in the way before anybody is asked. */
function obstacle(storage: Storage, { service }: RemoteService): Availability | undefined {
  const { namespace, name, port } = service;
  const what = `service/${name} in ${JSON.stringify(namespace)}`;
  const stored = storage.get({ resource: services, namespace, name });
  if (!stored) return no('ServiceNotFound', `${what} is not present`);
  const { spec = {} } = stored.object() as Service; // the schema has checked it
  if (spec.type !== undefined && spec.type !== 'ClusterIP') return undefined;
  const found = spec.ports?.find((known) => known.port === port);
  if (!found) return no('ServicePortError', `${what} is not listening on port ${port}`);
  const own = storage
    .list(slices, { namespace })
    .filter((version) => version.labels['kubernetes.io/service-name'] === name)
    .map((version) => version.object() as Slice); // the schema has checked it
  if (own.length === 0) return no('EndpointsNotFound', `cannot find endpointslices for ${what}`);
  const { name: portName = '' } = found;
  const hasReady = own.some(
    ({ ports = [], endpoints = [] }) =>
      ports.some((one) => (one.name ?? '') === portName) &&
      endpoints.some(({ conditions }) => conditions?.ready !== false),
  );
  if (hasReady) return undefined;
  return no('MissingEndpoints', `endpoints for ${what} have no addresses with port name ${JSON.stringify(portName)}`);
}

/** The address under which the real server would ask. */
function locationOf(storage: Storage, { service }: RemoteService): string {
  const stored = storage.get({ resource: services, namespace: service.namespace, name: service.name });
  const { spec = {} } = (stored?.object() ?? {}) as Service; // the schema has checked it
  const host = spec.type === 'ExternalName' ? spec.externalName : spec.clusterIP;
  return `https://${host ?? service.name}:${service.port}`;
}

/** Asks an aggregated API server for its own discovery, as the one sign that it works. */
export async function checkAvailability(deps: RemoteDeps, remote: RemoteService): Promise<Availability> {
  const blocked = obstacle(deps.storage, remote);
  if (blocked) return blocked;
  const { group, version } = remote;
  const url = `${locationOf(deps.storage, remote)}/apis/${group}/${version}`;
  const failing = (why: string): Availability =>
    no('FailedDiscoveryCheck', `failing or missing response from ${url}: ${why}`);
  try {
    const { status } = await getRemote(deps, remote, { path: `/apis/${group}/${version}`, timeoutMs: checkTimeoutMs });
    if (status >= 200 && status < 300) return { status: 'True', reason: 'Passed', message: 'all checks passed' };
    return failing(`bad status from ${url}: ${status}`);
  } catch (error) {
    if (error instanceof OutboundError) return failing(`Get ${JSON.stringify(url)}: ${error.message}`);
    throw error;
  }
}
