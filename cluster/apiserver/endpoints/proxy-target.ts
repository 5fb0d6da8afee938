import { ApiError } from '@kit/base';
import { badRequest, notFound } from '../store/api-errors.ts';
import { keyOf } from '../store/stored-object.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import type { PodKey } from '../../node-runtime.ts';
import type { Target } from '../store/write-request.ts';
import { podKeyOf, podOf } from './pod-container.ts';

/** Where a proxied request goes: a port of a pod, or the API of a node. */
export type ProxyTarget =
  | { readonly to: 'pod'; readonly node: string; readonly pod: PodKey; readonly port: number; readonly scheme: string }
  | { readonly to: 'node'; readonly node: string };

interface NameParts {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** `[SCHEME:]NAME[:PORT]`. */
function nameParts(text: string, what: string): NameParts {
  const [, scheme, name, port = ''] = /^(?:(https?|):)?([^:]+)(?::([^:]*))?$/.exec(text) ?? [];
  // With one colon it is NAME:PORT, even for a pod named `http`.
  const [first = '', second = '', ...more] = text.split(':');
  if (more.length === 0) return { scheme: 'http', name: first, port: second };
  if (name !== undefined) return { scheme: scheme || 'http', name, port };
  throw badRequest(`invalid ${what} request ${JSON.stringify(text)}`);
}

const kubeletPort = '10250';
const unavailable = (why: string): ApiError => new ApiError('ServiceUnavailable', why);
export const unreachable = (why: string): ApiError => unavailable(`error trying to reach service: ${why}`);

function podTarget(parts: ApiServerParts, target: Target): ProxyTarget {
  const { scheme, name, port } = nameParts(target.name, 'pod');
  const pod = podOf(parts, { ...target, name });
  const declared = pod.spec?.containers?.flatMap(({ ports = [] }) => ports)[0]?.containerPort ?? 80;
  if (!pod.status?.podIP) throw badRequest('address not allowed');
  const key = podKeyOf({ namespace: target.namespace, name }, pod);
  return { to: 'pod', node: pod.spec?.nodeName ?? '', pod: key, port: port ? Number(port) : declared, scheme };
}

interface ServiceFields {
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

interface EndpointsFields {
  readonly subsets?: readonly {
    readonly addresses?: readonly {
      readonly nodeName?: string;
      readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
    }[];
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  }[];
}

function portNameOf({ spec }: ServiceFields, service: string, port: string): string {
  const ports = spec?.ports ?? [];
  if (!/^\d+$/.test(port)) return port;
  const found = ports.find((one) => one.port === Number(port));
  if (!found) throw unavailable(`no service port ${port} found for service ${JSON.stringify(service)}`);
  return found.name ?? '';
}

interface PodAddress {
  readonly nodeName: string | undefined;
  readonly port: number;
  readonly pod: { readonly name: string; readonly uid: string };
}

/** What the service leads to; a port of the service that has no name leads to whatever port there is. */
function podAddresses({ subsets = [] }: EndpointsFields, portName: string): PodAddress[] {
  return subsets.flatMap(({ addresses = [], ports = [] }) => {
    const named = ports.find((one) => (one.name ?? '') === portName);
    const port = (named ?? (portName === '' ? ports[0] : undefined))?.port;
    return port === undefined
      ? []
      : addresses
          .filter(({ targetRef }) => targetRef?.kind === 'Pod')
          .map(({ nodeName, targetRef: { name = '', uid = '' } = {} }) => ({ nodeName, port, pod: { name, uid } }));
  });
}

function endpointsOf(parts: ApiServerParts, namespace: string, name: string): EndpointsFields {
  const kind = parts.kinds.find('', 'v1', 'endpoints');
  const stored = kind && parts.storage.get(keyOf(kind, namespace, name));
  return (stored?.object() ?? {}) as unknown as EndpointsFields; // the schema has checked it
}

function serviceTarget(parts: ApiServerParts, target: Target): ProxyTarget {
  const { scheme, name, port } = nameParts(target.name, 'service');
  const { kind, namespace } = target;
  const service = parts.storage.get(keyOf(kind, namespace, name));
  if (!service) throw notFound(kind, name);
  const portName = portNameOf(service.object() as unknown as ServiceFields, name, port); // the schema has checked it
  const ofPods = podAddresses(endpointsOf(parts, namespace, name), portName);
  const chosen = ofPods[Math.floor(Math.random() * ofPods.length)];
  if (!chosen) throw unavailable(`no endpoints available for service ${JSON.stringify(target.name)}`);
  const { nodeName = '', port: number, pod } = chosen;
  return { to: 'pod', node: nodeName, pod: { ...pod, namespace }, port: number, scheme };
}

function nodeTarget(parts: ApiServerParts, target: Target): ProxyTarget {
  const { name, port } = nameParts(target.name, 'node');
  if (!parts.storage.get(keyOf(target.kind, '', name))) throw notFound(target.kind, name);
  if (port && port !== kubeletPort) throw unreachable(`dial tcp ${name}:${port}: connect: connection refused`);
  return { to: 'node', node: name };
}

/** Finds what `NAME/proxy` stands for. Throws when there is no such thing, or nothing behind it. */
export function proxyTarget(parts: ApiServerParts, target: Target): ProxyTarget {
  const { resource } = target.kind;
  if (resource === 'pods') return podTarget(parts, target);
  return resource === 'services' ? serviceTarget(parts, target) : nodeTarget(parts, target);
}
