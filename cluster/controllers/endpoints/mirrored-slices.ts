import { isIPv6 } from 'node:net';
import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { controllerReference } from '../../reconcile/owners.ts';

interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: object;
}

interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports?: readonly object[];
}

export type Endpoints = ClusterObject & { subsets?: readonly EndpointSubset[] };

export const mirroringManager = 'endpointslicemirroring-controller.k8s.io';
export const managedBy = 'endpointslice.kubernetes.io/managed-by';
export const serviceName = 'kubernetes.io/service-name';
const mostMirrored = 1000;
const notCopied = [
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
];

/** Which Endpoints are left alone: those that say so, and locks. */
export function isMirrored({ metadata }: Endpoints): boolean {
  const skips = metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'] === 'true';
  return !skips && metadata.annotations?.['control-plane.alpha.kubernetes.io/leader'] === undefined;
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): object {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

/** What tells slices of one service apart. */
export function shapeOf(slice: ClusterObject): string {
  return canonical([slice['addressType'], slice['ports'] ?? []]);
}

/** The slices that say the same as the Endpoints: one for each set of ports and family of addresses, without names. */
export function mirrorsOf(endpoints: Endpoints): ClusterObject[] {
  const { name, namespace, labels, annotations = {} } = endpoints.metadata;
  const copied = Object.entries(annotations).filter(([key]) => !notCopied.includes(key));
  return (endpoints.subsets ?? []).flatMap((subset) => {
    const all = [
      ...(subset.addresses ?? []).map((address) => ({ address, ready: true })),
      ...(subset.notReadyAddresses ?? []).map((address) => ({ address, ready: false })),
    ].slice(0, mostMirrored);
    return (['IPv4', 'IPv6'] as const).flatMap((addressType) => {
      const found = all.filter(({ address }) => isIPv6(address.ip) === (addressType === 'IPv6'));
      if (found.length === 0) return [];
      const metadata = {
        generateName: `${name}-`,
        namespace,
        labels: { ...labels, [serviceName]: name, [managedBy]: mirroringManager },
        ...(copied.length > 0 && { annotations: Object.fromEntries(copied) }),
        ownerReferences: [controllerReference(endpoints)],
      };
      const slice: ClusterObject = {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: metadata as unknown as ClusterObject['metadata'], // the name comes from the server
        addressType,
        endpoints: found.map(({ address, ready }) => endpointOf(address, ready)),
        ports: (subset.ports ?? []).map((port) => ({ name: '', protocol: 'TCP', ...port })),
      };
      return [slice];
    });
  });
}
