import { type Clock, isApiError, type Logger } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../../client.ts';
import { Informer } from '../../../reconcile/informer.ts';
import type { Pod } from '../../../reconcile/pod.ts';
import { refs } from '../../../reconcile/resource-refs.ts';
import { ClusterDns } from '../dns/cluster-dns.ts';
import type { PodNetwork } from '../pod-network.ts';
import { LoopbackRelay } from './loopback-relay.ts';
import { type EndpointSlice, type Service, serviceKeyOf } from './service-kinds.ts';
import { ServiceProxy } from './service-proxy.ts';

export interface ClusterServicesOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pods: Informer<Pod>;
  readonly network: PodNetwork;
  /** The port of the API server on this machine's loopback. */
  readonly apiPort: number;
  /** Of the cluster, for the name of what is its own. */
  readonly cluster: string;
}

export interface ClusterServices {
  /** Where pods ask for names. */
  readonly clusterDns: string;
  stop(): Promise<void>;
}

const proxyUser = 'system:kube-proxy';
const dnsService = { namespace: 'kube-system', name: 'kube-dns' };
const wantedDnsAddress = '10.96.0.10';
const apiService = 'default/kubernetes';

/** Lets pods, and this machine, reach the cluster's services by address and by name. */
export async function startClusterServices(options: ClusterServicesOptions): Promise<ClusterServices> {
  const { clock, log, pods, network } = options;
  const client = options.client.as(proxyUser);
  const services = new Informer<Service>({ client, clock, log, ref: refs.services });
  const slices = new Informer<EndpointSlice>({ client, clock, log, ref: refs.endpointSlices });
  services.addIndex('ip', ({ spec }) => (spec.clusterIP && spec.clusterIP !== 'None' ? [spec.clusterIP] : []));
  services.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
  slices.addIndex('service', (slice) => [serviceKeyOf(slice)]);
  pods.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
  const hasNamespace = (name: string): boolean =>
    services.countByIndex('namespace', name) > 0 || pods.countByIndex('namespace', name) > 0;
  const dns = new ClusterDns({
    log,
    sources: {
      service: (namespace, name) => services.get(namespace, name),
      hasNamespace,
      slices: (key) => slices.byIndex('service', key),
      serviceAt: (ip) => services.byIndex('ip', ip)[0],
    },
  });
  const relay = new LoopbackRelay(options.apiPort);
  const api = { ip: network.gateway, port: await relay.listen(network.gateway) };
  const dnsPort = await dns.listen(network.gateway);
  const proxy = new ServiceProxy({
    clock,
    log,
    services,
    slices,
    table: network.name,
    podCIDR: network.cidr,
    own: new Map([[apiService, api]]),
  });
  const clusterDns = await installDns(options.client, { ip: network.gateway, port: dnsPort });
  await Promise.all([services.start(), slices.start()]);
  return {
    clusterDns,
    async stop() {
      services.stop();
      slices.stop();
      await proxy.stop();
      dns.close();
      relay.close();
    },
  };
}

/** The Service pods ask for names, as every cluster has it; answers its address. */
async function installDns(client: ClusterClient, place: { ip: string; port: number }): Promise<string> {
  const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
  const ports = (['UDP', 'TCP'] as const).map((protocol) => ({
    name: protocol === 'UDP' ? 'dns' : 'dns-tcp',
    port: 53,
    protocol,
    targetPort: place.port,
  }));
  const service = await findOrCreate(client, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...dnsService, labels },
    spec: { clusterIP: wantedDnsAddress, ports },
  });
  await client.delete(refs.endpointSlices, dnsService.namespace, dnsService.name).catch((error: unknown) => {
    if (!isApiError(error, 'NotFound')) throw error;
  });
  await client.create(refs.endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...dnsService, labels: { 'kubernetes.io/service-name': dnsService.name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [place.ip], conditions: { ready: true } }],
    ports: ports.map(({ name, protocol }) => ({ name, protocol, port: place.port })),
  });
  return (service.spec as { clusterIP: string }).clusterIP; // a Service
}

async function findOrCreate(client: ClusterClient, service: ClusterObject): Promise<ClusterObject> {
  const { namespace, name } = service.metadata;
  try {
    return await client.get(refs.services, namespace, name);
  } catch (error) {
    if (!isApiError(error, 'NotFound')) throw error;
  }
  try {
    return await client.create(refs.services, service);
  } catch (error) {
    if (!isApiError(error, 'Invalid')) throw error;
    // The usual address is somebody else's.
    const { clusterIP: _taken, ...spec } = service.spec as Record<string, unknown>; // made above
    return client.create(refs.services, { ...service, spec });
  }
}
