import type { EndpointSlice, Service, ServicePort } from '../services/service-kinds.ts';
import type { DnsRecord, Question } from './dns-message.ts';
import { recordTypes } from './dns-message.ts';

export const clusterZone = 'cluster.local';
const reverseZone = 'in-addr.arpa';

/** What names are answered from. */
export interface NameSources {
  readonly service: (namespace: string, name: string) => Service | undefined;
  readonly hasNamespace: (namespace: string) => boolean;
  readonly slices: (key: string) => readonly EndpointSlice[];
  readonly serviceAt: (ip: string) => Service | undefined;
}

export type Lookup =
  | { readonly is: 'answer'; readonly zone: string; readonly records: readonly DnsRecord[] }
  | { readonly is: 'no such name'; readonly zone: string }
  /** Not a name of the cluster: others know it. */
  | { readonly is: 'elsewhere' };

interface Endpoint {
  readonly ip: string;
  /** Its own name below the service's. */
  readonly label: string;
}

const dashed = (ip: string): string => ip.replaceAll('.', '-');
const noName: Lookup = { is: 'no such name', zone: clusterZone };

function endpointsOf(service: Service, { slices }: NameSources): Endpoint[] {
  const { namespace, name } = service.metadata;
  const all = slices(`${namespace}/${name}`).filter(({ addressType }) => addressType === 'IPv4');
  const ready = all
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false || service.spec.publishNotReadyAddresses);
  return ready.flatMap(({ addresses, hostname }) => addresses.map((ip) => ({ ip, label: hostname ?? dashed(ip) })));
}

const isHeadless = ({ spec }: Service): boolean => !spec.clusterIP || spec.clusterIP === 'None';

function addressRecords(name: string, ips: readonly string[], type: number): DnsRecord[] {
  if (type !== recordTypes.A && type !== recordTypes.ANY) return [];
  return [...new Set(ips)].map((address) => ({ name, data: { type: 'A', address } }));
}

const answer = (records: readonly DnsRecord[]): Lookup => ({ is: 'answer', zone: clusterZone, records });

function serviceRecords(service: Service, { name, type }: Question, sources: NameSources): Lookup {
  const { externalName, clusterIP = '' } = service.spec;
  if (service.spec.type === 'ExternalName' && externalName)
    return answer([{ name, data: { type: 'CNAME', target: externalName } }]);
  if (type === recordTypes.SRV) return portRecords(service, undefined, { name, sources });
  if (!isHeadless(service)) return answer(addressRecords(name, [clusterIP], type));
  const endpoints = endpointsOf(service, sources);
  if (endpoints.length === 0) return noName;
  return answer(
    addressRecords(
      name,
      endpoints.map(({ ip }) => ip),
      type,
    ),
  );
}

/** `_http._tcp.web.shop.svc`: where a named port is served. */
function portRecords(
  service: Service,
  wanted: { readonly port: string; readonly protocol: string } | undefined,
  { name, sources }: { readonly name: string; readonly sources: NameSources },
): Lookup {
  const { namespace, name: serviceName } = service.metadata;
  const base = `${serviceName}.${namespace}.svc.${clusterZone}`;
  const fits = (port: ServicePort): boolean =>
    !wanted ||
    (`_${port.name ?? ''}` === wanted.port && `_${(port.protocol ?? 'TCP').toLowerCase()}` === wanted.protocol);
  const ports = (service.spec.ports ?? []).filter(fits);
  if (ports.length === 0) return noName;
  const targets = isHeadless(service) ? endpointsOf(service, sources).map(({ label }) => `${label}.${base}`) : [base];
  return answer(
    ports.flatMap(({ port }) => targets.map((target) => ({ name, data: { type: 'SRV', port, target } }) as const)),
  );
}

function belowService(labels: readonly string[], question: Question, sources: NameSources): Lookup {
  const [name = '', namespace = ''] = labels.slice(-2);
  const service = sources.service(namespace, name);
  if (!service) return noName;
  const [first = '', second = ''] = labels;
  if (labels.length === 2) return serviceRecords(service, question, sources);
  if (labels.length === 3) return endpointRecords(service, first, { question, sources });
  if (labels.length > 4) return noName;
  return portRecords(service, { port: first, protocol: second }, { name: question.name, sources });
}

function endpointRecords(
  service: Service,
  wanted: string,
  { question, sources }: { readonly question: Question; readonly sources: NameSources },
): Lookup {
  const named = endpointsOf(service, sources).filter(({ label }) => label === wanted);
  if (named.length === 0 || !isHeadless(service)) return noName;
  const ips = named.map(({ ip }) => ip);
  return answer(addressRecords(question.name, ips, question.type));
}

/** `10-244-1-7.shop.pod`: a pod by its address. */
function podRecords(
  [address = '', namespace = '', ...more]: readonly string[],
  { name, type }: Question,
  sources: NameSources,
): Lookup {
  const ip = address.replaceAll('-', '.');
  if (more.length > 0 || !/^\d+(\.\d+){3}$/.test(ip) || !sources.hasNamespace(namespace)) return noName;
  return answer(addressRecords(name, [ip], type));
}

function reverse({ name }: Question, { serviceAt }: NameSources): Lookup {
  const ip = name
    .slice(0, -reverseZone.length - 1)
    .split('.')
    .reverse()
    .join('.');
  const service = serviceAt(ip);
  if (!service) return ip.startsWith('10.96.') ? { is: 'no such name', zone: reverseZone } : { is: 'elsewhere' };
  const target = `${service.metadata.name}.${service.metadata.namespace}.svc.${clusterZone}`;
  return { is: 'answer', zone: reverseZone, records: [{ name, data: { type: 'PTR', target } }] };
}

/** What the cluster knows of a name, by the rules of Kubernetes' DNS. */
export function lookUp(question: Question, sources: NameSources): Lookup {
  if (question.name.endsWith(`.${reverseZone}`)) return reverse(question, sources);
  if (question.name === clusterZone || question.name === `svc.${clusterZone}`) return answer([]);
  if (!question.name.endsWith(`.${clusterZone}`)) return { is: 'elsewhere' };
  const labels = question.name.slice(0, -clusterZone.length - 1).split('.');
  const kind = labels.at(-1);
  const rest = labels.slice(0, -1);
  if (kind === 'pod') return podRecords(rest, question, sources);
  if (kind !== 'svc') return noName;
  if (rest.length === 1) return sources.hasNamespace(rest[0] ?? '') ? answer([]) : noName;
  return belowService(rest, question, sources);
}
