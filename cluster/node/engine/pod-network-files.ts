import { readFile } from 'node:fs/promises';
import type { EnginePod } from './engine-pod.ts';
import { hostnameOf } from './container-config.ts';

const clusterDomain = 'cluster.local';

/** What containers of a pod find as `/etc/hosts`. */
export function hostsFile(pod: EnginePod, ip: string): string {
  const { hostAliases = [], subdomain, hostNetwork } = pod.spec;
  const hostname = hostnameOf(pod);
  const full = subdomain && `${hostname}.${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`;
  const own = hostNetwork ? [] : [[ip, full, hostname].filter(Boolean).join('\t')];
  const aliases = hostAliases.map(({ ip: address, hostnames = [] }) => [address, ...hostnames].join('\t'));
  return [
    '# The hosts file of a pod.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...own,
    ...aliases,
    '',
  ].join('\n');
}

interface Resolver {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

function machineResolver(text: string): Resolver {
  const words = text.split('\n').map((line) => line.trim().split(/\s+/));
  const after = (name: string): string[] => words.filter(([first]) => first === name).flatMap(([, ...rest]) => rest);
  return { nameservers: after('nameserver').slice(0, 3), searches: after('search'), options: after('options') };
}

function ofPolicy(pod: EnginePod, machine: Resolver, clusterDns: string): Resolver {
  const { dnsPolicy = 'ClusterFirst', hostNetwork } = pod.spec;
  if (dnsPolicy === 'None') return { nameservers: [], searches: [], options: [] };
  if (dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && hostNetwork)) return machine;
  const domains = [`${pod.metadata.namespace}.svc`, 'svc', ''].map((part) =>
    [part, clusterDomain].filter(Boolean).join('.'),
  );
  return { nameservers: [clusterDns], searches: [...domains, ...machine.searches], options: ['ndots:5'] };
}

function withOwnOptions(options: readonly string[], own: readonly { name: string; value?: string }[]): string[] {
  const names = new Set(own.map(({ name }) => name));
  const kept = options.filter((option) => !names.has(option.split(':')[0] ?? ''));
  return [...kept, ...own.map(({ name, value }) => (value === undefined ? name : `${name}:${value}`))];
}

/** What containers of a pod find as `/etc/resolv.conf`: by its policy, and what it says itself. */
export function resolverFile(pod: EnginePod, machine: string, clusterDns: string): string {
  const base = ofPolicy(pod, machineResolver(machine), clusterDns);
  const { nameservers = [], searches = [], options = [] } = pod.spec.dnsConfig ?? {};
  const search = [...new Set([...base.searches, ...searches])];
  const lines = [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...[...new Set([...base.nameservers, ...nameservers])].map((server) => `nameserver ${server}`),
  ];
  const all = withOwnOptions(base.options, options);
  return [...lines, ...(all.length > 0 ? [`options ${all.join(' ')}`] : []), ''].join('\n');
}

/** The resolver of this machine. */
export async function machineResolverFile(): Promise<string> {
  return readFile('/etc/resolv.conf', 'utf8').catch(() => '');
}
