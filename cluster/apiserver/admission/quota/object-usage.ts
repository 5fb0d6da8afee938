import type { ClusterObject } from '../../../client.ts';
import { amountOf, larger, whole } from '@kit/base/amount';
import type { Amount } from '@kit/base/amount';
import { isOfPods, podUsage } from './pod-usage.ts';
import { most, sum } from './resource-list.ts';
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

function storageOf({ spec, status }: ClaimFields): Amount {
  const requested = amountOf(spec?.resources?.requests?.['storage'] ?? 0);
  return larger(requested, amountOf(status?.allocatedResources?.['storage'] ?? 0));
}

function claimUsage(claim: ClaimFields): ResourceList {
  const storage = storageOf(claim);
  const usage: Record<string, Amount> = {
    persistentvolumeclaims: whole(1),
    'count/persistentvolumeclaims': whole(1),
    'requests.storage': storage,
  };
  const { spec, metadata } = claim;
  const oldClass = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'];
  const classes = [
    [oldClass ?? spec?.storageClassName, 'storageclass'],
    [spec?.volumeAttributesClassName, 'volumeattributesclass'],
  ] as const;
  for (const [name, of] of classes) {
    if (!name) continue;
    usage[`${name}.${of}.storage.k8s.io/persistentvolumeclaims`] = whole(1);
    usage[`${name}.${of}.storage.k8s.io/requests.storage`] = storage;
  }
  return usage;
}

interface DeviceWish {
  readonly deviceClassName?: string;
  readonly count?: number;
}

interface DeviceRequest {
  readonly exactly?: DeviceWish;
  readonly firstAvailable?: readonly DeviceWish[];
}

/** The most of each class that a request may be given. */
function wished({ exactly, firstAvailable = [] }: DeviceRequest): ResourceList {
  const wishes = exactly ? [exactly] : firstAvailable;
  return most(
    ...wishes.map(({ deviceClassName = '', count = 1 }) => ({ [deviceClassName + ofDeviceClass]: whole(count) })),
  );
}

function deviceUsage(claim: ClusterObject, kind: CountedKind): ResourceList {
  const { spec = {} } = claim as { spec?: { devices?: { requests?: readonly DeviceRequest[] } } }; // the schema has checked it
  return sum({ [countName(kind)]: whole(1) }, ...(spec.devices?.requests ?? []).map(wished));
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
