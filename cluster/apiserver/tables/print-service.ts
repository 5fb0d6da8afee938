import { fieldsIn, items, optionalText, record, textOf, texts } from '../kinds/rules/set-default.ts';
import type { JsonObject } from '../schema/schema.ts';
import { ageOf, ageOfObject } from './age.ts';
import { selectorOf } from './print-workload.ts';
import type { Cells } from './table.ts';

const none = '<none>';

export const printService: Cells = (service, nowMs) => {
  const spec = fieldsIn(service['spec']);
  const ports = items(spec['ports']).map(({ port, nodePort, protocol }) => {
    const node = nodePort ? `:${textOf(nodePort)}` : '';
    return `${textOf(port)}${node}/${textOf(protocol)}`;
  });
  const [ip = ''] = texts(spec['clusterIPs']);
  return [
    optionalText(spec['type']),
    ip || optionalText(spec['clusterIP']) || none,
    externalAddress(spec, fieldsIn(service['status'])),
    ports.join(',') || none,
    ageOfObject(service, nowMs),
    selectorOf({ matchLabels: spec['selector'] ?? {} }),
  ];
};

function loadBalancerAddresses(status: JsonObject): string[] {
  return items(record(status['loadBalancer'])?.['ingress']).map(({ ip, hostname }) => textOf(ip ?? hostname ?? ''));
}

function externalAddress(spec: JsonObject, status: JsonObject): string {
  const own = texts(spec['externalIPs']);
  if (spec['type'] === 'ExternalName') return textOf(spec['externalName'] ?? '');
  if (spec['type'] !== 'LoadBalancer') return own.join(',') || none;
  return [...loadBalancerAddresses(status), ...own].join(',') || '<pending>';
}

const maxHosts = 3;

export const printIngress: Cells = (ingress, nowMs) => {
  const spec = record(ingress['spec']) ?? {};
  const hosts = items(spec['rules'])
    .map(({ host }) => textOf(host ?? ''))
    .filter((host) => host !== '');
  const shown =
    hosts.length > maxHosts
      ? `${hosts.slice(0, maxHosts).join(',')} + ${hosts.length - maxHosts} more...`
      : hosts.join(',');
  return [
    spec['ingressClassName'] === undefined ? none : textOf(spec['ingressClassName']),
    shown || '*',
    [...new Set(loadBalancerAddresses(record(ingress['status']) ?? {}))].sort().join(','),
    items(spec['tls']).length > 0 ? '80, 443' : '80',
    ageOf(record(ingress['metadata'])?.['creationTimestamp'], nowMs),
  ];
};
