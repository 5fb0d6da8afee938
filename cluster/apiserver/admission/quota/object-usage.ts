import type { ClusterObject } from '../../../client.ts';
import { amountOf, larger, whole } from './amount.ts';
import type { Amount } from './amount.ts';
import { isOfPods, podUsage } from './pod-usage.ts';
import type { ResourceList } from './resource-list.ts';

/** Group and plural of a counted kind. */
export interface CountedKind {
  readonly group: string;
  readonly resource: string;
}

/** Kinds a quota could name before there was `count/`. */
const oldNames = new Set(['configmaps', 'secrets', 'resourcequotas', 'replicationcontrollers']);
const ofServices = ['services', 'services.nodeports', 'services.loadbalancers', 'count/services'];
const ofClaims = ['persistentvolumeclaims', 'requests.storage', 'count/persistentvolumeclaims'];
const ofClass = /\.(storageclass|volumeattributesclass)\.storage\.k8s\.io\/(requests\.storage|persistentvolumeclaims)$/;
const ofDeviceClass = '.deviceclass.resource.k8s.io/devices';

/** `count/deployments.apps`, `count/pods`. */
function countName({ group, resource }: CountedKind): string {
  return group ? `count/${resource}.${group}` : `count/${resource}`;
}

interface ServiceFields {
  readonly spec?: {
    readonly type?: string;
    readonly ports?: readonly { readonly nodePort?: number }[] | null;
    readonly allocateLoadBalancerNodePorts?: boolean;
  };
}

function serviceUsage(service: ServiceFields): ResourceList {
  const { type, ports, allocateLoadBalancerNodePorts } = service.spec ?? {};
  const all = ports ?? [];
  const balanced = type === 'LoadBalancer';
  const open =
    balanced && allocateLoadBalancerNodePorts === false ? all.filter(({ nodePort }) => nodePort).length : all.length;
  return {
    services: whole(1),
    'count/services': whole(1),
    'services.nodeports': whole(balanced || type === 'NodePort' ? open : 0),
    'services.loadbalancers': whole(balanced ? 1 : 0),
  };
}

interface ClaimFields {
  readonly metadata: { readonly annotations?: Record<string, string> };
  readonly spec?: {
    readonly storageClassName?: string;
    readonly volumeAttributesClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, unknown>> };
  };
  readonly status?: { readonly allocatedResources?: Readonly<Record<string, unknown>> };
}

function claimUsage(claim: ClaimFields): ResourceList {
  const { spec = {}, status = {}, metadata } = claim;
  const storage = larger(
    amountOf(spec.resources?.requests?.['storage'] ?? 0),
    amountOf(status.allocatedResources?.['storage'] ?? 0),
  );
  const usage: Record<string, Amount> = {
    persistentvolumeclaims: whole(1),
    'count/persistentvolumeclaims': whole(1),
    'requests.storage': storage,
  };
  const storageClass = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName;
  const classes = [
    [storageClass, 'storageclass'],
    [spec.volumeAttributesClassName, 'volumeattributesclass'],
  ] as const;
  for (const [name, of] of classes) {
    if (!name) continue;
    usage[`${name}.${of}.storage.k8s.io/persistentvolumeclaims`] = whole(1);
    usage[`${name}.${of}.storage.k8s.io/requests.storage`] = storage;
  }
  return usage;
}

interface DeviceRequest {
  readonly exactly?: { readonly deviceClassName?: string; readonly count?: number };
  readonly firstAvailable?: readonly { readonly deviceClassName?: string; readonly count?: number }[];
}

function deviceUsage(claim: ClusterObject, kind: CountedKind): ResourceList {
  const { spec = {} } = claim as { spec?: { devices?: { requests?: readonly DeviceRequest[] } } }; // the schema has checked it
  const counts: Record<string, number> = {};
  for (const { exactly, firstAvailable = [] } of spec.devices?.requests ?? []) {
    const most: Record<string, number> = {};
    for (const { deviceClassName = '', count = 1 } of exactly ? [exactly] : firstAvailable) {
      most[deviceClassName] = Math.max(most[deviceClassName] ?? 0, count);
    }
    for (const [name, count] of Object.entries(most)) counts[name] = (counts[name] ?? 0) + count;
  }
  const devices = Object.entries(counts).map(([name, count]) => [`${name}${ofDeviceClass}`, whole(count)] as const);
  return { [countName(kind)]: whole(1), ...Object.fromEntries(devices) };
}

const isResourceClaim = ({ group, resource }: CountedKind): boolean =>
  group === 'resource.k8s.io' && resource === 'resourceclaims';

/** What one object uses of everything a quota can name. */
export function objectUsage(kind: CountedKind, object: ClusterObject, nowMs: number): ResourceList {
  if (kind.group === '') {
    if (kind.resource === 'pods') return podUsage(object, nowMs);
    if (kind.resource === 'services') return serviceUsage(object as ServiceFields); // the schema has checked it
    if (kind.resource === 'persistentvolumeclaims') return claimUsage(object);
    if (oldNames.has(kind.resource)) return { [kind.resource]: whole(1), [countName(kind)]: whole(1) };
  }
  return isResourceClaim(kind) ? deviceUsage(object, kind) : { [countName(kind)]: whole(1) };
}

function countsInCore(resource: string): (name: string) => boolean {
  if (resource === 'pods') return isOfPods;
  if (resource === 'services') return (name) => ofServices.includes(name);
  if (resource === 'persistentvolumeclaims') return (name) => ofClaims.includes(name) || ofClass.test(name);
  return (name) => name === `count/${resource}` || (oldNames.has(resource) && name === resource);
}

/** Those of the resources that objects of the kind use. */
export function resourcesOf(kind: CountedKind, names: readonly string[]): string[] {
  if (kind.group === '') return names.filter(countsInCore(kind.resource));
  const own = countName(kind);
  return names.filter((name) => name === own || (isResourceClaim(kind) && name.endsWith(ofDeviceClass)));
}

/** The kind whose objects use a resource; `undefined` for a name no kind can stand behind. */
export function kindBehind(name: string): CountedKind | undefined {
  if (isOfPods(name)) return { group: '', resource: 'pods' };
  if (ofServices.includes(name)) return { group: '', resource: 'services' };
  if (ofClaims.includes(name) || ofClass.test(name)) return { group: '', resource: 'persistentvolumeclaims' };
  if (name.endsWith(ofDeviceClass)) return { group: 'resource.k8s.io', resource: 'resourceclaims' };
  if (oldNames.has(name)) return { group: '', resource: name };
  const [, resource, group = ''] = /^count\/([^.]+)(?:\.(.+))?$/.exec(name) ?? [];
  return resource ? { group, resource } : undefined;
}
