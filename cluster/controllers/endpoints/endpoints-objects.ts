import type { ClusterObject } from '../../client.ts';
import { controllerReference } from '../../reconcile/owners.ts';
import { groupByPorts, lastChange, type PodEndpoint, type Service } from './pod-endpoint.ts';
import type { PortGroup, SliceEndpoint } from './slice-plan.ts';

const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';
const mostPerEndpoints = 1000;

function targetOf({ pod }: PodEndpoint): Record<string, unknown> {
  const { name, namespace, uid } = pod.metadata;
  return { kind: 'Pod', name, namespace, uid };
}

function addressOf(endpoint: PodEndpoint): Record<string, unknown> {
  const { hostname, subdomain, nodeName } = endpoint.pod.spec;
  const { name } = endpoint.pod.metadata;
  return {
    ip: endpoint.ip,
    ...(hostname && subdomain && hostname === name && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: targetOf(endpoint),
  };
}

function subsetOf(group: readonly PodEndpoint[]): Record<string, unknown> {
  const ready = group.filter((one) => one.ready).map(addressOf);
  const notReady = group.filter((one) => !one.ready && !one.terminating).map(addressOf);
  const { ports = [] } = group[0] ?? {};
  return {
    ...(ready.length > 0 && { addresses: ready }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady }),
    ...(ports.length > 0 && { ports }),
  };
}

/** The Endpoints object of a service: one subset for each set of port numbers. */
export function endpointsObject(service: Service, endpoints: readonly PodEndpoint[]): ClusterObject {
  const { name, namespace, labels } = service.metadata;
  const shown = endpoints.filter(({ ready, terminating }) => ready || !terminating);
  const overCapacity = shown.length > mostPerEndpoints;
  const headless: Record<string, string> =
    service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      namespace,
      labels: { ...labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller', ...headless },
      annotations: {
        [triggerTime]: lastChange(service, endpoints),
        ...(overCapacity && { 'endpoints.kubernetes.io/over-capacity': 'truncated' }),
      },
    },
    subsets: groupByPorts(shown.slice(0, mostPerEndpoints)).map(subsetOf),
  };
}

function sliceEndpoint(endpoint: PodEndpoint): SliceEndpoint {
  const { ready, serving, terminating } = endpoint;
  const { hostname, subdomain, nodeName } = endpoint.pod.spec;
  return {
    addresses: [endpoint.ip],
    conditions: { ready, serving, terminating },
    ...(hostname && subdomain && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: targetOf(endpoint),
  };
}

/** What the slices of a service hold: endpoints with the same ports together. A port without a name has the name ''. */
export function sliceGroups(endpoints: readonly PodEndpoint[]): PortGroup[] {
  return groupByPorts(endpoints).map((group) => ({
    ports: (group[0]?.ports ?? []).map((port) => ({ name: '', ...port })),
    endpoints: group.map(sliceEndpoint),
  }));
}

/** The labels every slice of a service has. */
export function sliceLabels({ metadata, spec }: Service): Record<string, string> {
  return {
    ...metadata.labels,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': metadata.name,
    ...(spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
  };
}

/** A new slice of the service with this content; `trigger` is the time of the change that led to it. */
export function newSlice(service: Service, content: PortGroup, trigger: string): ClusterObject {
  const { name, namespace } = service.metadata;
  const metadata = {
    generateName: `${name}-`,
    namespace,
    labels: sliceLabels(service),
    annotations: { [triggerTime]: trigger },
    ownerReferences: [controllerReference(service)],
  };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadata as unknown as ClusterObject['metadata'], // the name comes from the server
    addressType: 'IPv4',
    ...content,
  };
}

/** A slice of the service with other endpoints. */
export function changedSlice(
  slice: ClusterObject,
  service: Service,
  change: { endpoints: readonly SliceEndpoint[]; trigger: string },
): ClusterObject {
  const annotations = { ...slice.metadata.annotations, [triggerTime]: change.trigger };
  const metadata = { ...slice.metadata, labels: sliceLabels(service), annotations };
  return { ...slice, metadata, endpoints: change.endpoints };
}
