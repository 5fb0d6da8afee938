import type { ClusterObject } from '../../client.ts';
import { controllerReference } from '../../reconcile/owners.ts';
import { groupByPorts, lastChange, type PodEndpoint, type Service } from './pod-endpoint.ts';

const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';
const mostPerEndpoints = 1000;
const mostPerSlice = 100;

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
    nodeName,
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

function sliceEndpoint(endpoint: PodEndpoint): Record<string, unknown> {
  const { ready, serving, terminating } = endpoint;
  const { hostname, subdomain, nodeName } = endpoint.pod.spec;
  return {
    addresses: [endpoint.ip],
    conditions: { ready, serving, terminating },
    ...(hostname && subdomain && { hostname }),
    nodeName,
    targetRef: targetOf(endpoint),
  };
}

/** What the slices of a service hold, at most 100 endpoints each; names are given when they are written. */
export function sliceContents(endpoints: readonly PodEndpoint[]): { endpoints: unknown[]; ports: unknown[] }[] {
  return groupByPorts(endpoints).flatMap((group) => {
    const slices = Array.from({ length: Math.ceil(group.length / mostPerSlice) }, (_, i) =>
      group.slice(i * mostPerSlice, (i + 1) * mostPerSlice),
    );
    return slices.map((slice) => ({ endpoints: slice.map(sliceEndpoint), ports: [...(group[0]?.ports ?? [])] }));
  });
}

/** A new slice of the service with this content. */
export function sliceObject(
  service: Service,
  content: { endpoints: unknown[]; ports: unknown[] },
  trigger: string,
): ClusterObject {
  const { name, namespace, labels } = service.metadata;
  const headless: Record<string, string> =
    service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: {
        ...labels,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
        ...headless,
      },
      annotations: { [triggerTime]: trigger },
      ownerReferences: [controllerReference(service)],
    } as unknown as ClusterObject['metadata'], // the name comes from the server
    addressType: 'IPv4',
    ...content,
  };
}
