import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { StrategyContext } from '../kind-info.ts';
import type { KindRules } from '../kind-rules.ts';
import { dns1123Label } from '../validation/format.ts';
import { invalid } from '../validation/cause.ts';
import { warnOfServiceAddresses } from '../warnings/address-warnings.ts';
import { validateLoadBalancerStatus } from '../validation/status.ts';
import { validateClusterIps, validateService, validateServiceUpdate } from '../validation/service.ts';
import {
  items,
  optionalText,
  record,
  setAbsent,
  setDefault,
  setDefaults,
  specOf,
  textOf,
  texts,
} from './set-default.ts';
import { ApiError } from '@kit/base';

function defaultService(service: ClusterObject): void {
  const spec = specOf(service);
  setDefaults(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec['sessionAffinity'] === 'ClientIP') defaultAffinity(spec);
  else delete spec['sessionAffinityConfig'];
  for (const port of items(spec['ports'])) {
    setDefault(port, 'protocol', 'TCP');
    if (!port['targetPort']) port['targetPort'] = port['port'] ?? 0;
  }
  defaultTraffic(spec);
  const ingress = record(record(service['status'])?.['loadBalancer'])?.['ingress'];
  if (spec['type'] === 'LoadBalancer') for (const at of items(ingress)) if (at['ip']) setAbsent(at, 'ipMode', 'VIP');
}

function defaultTraffic(spec: JsonObject): void {
  const { type } = spec;
  const outside = type === 'NodePort' || type === 'LoadBalancer' || texts(spec['externalIPs']).length > 0;
  if (outside) setDefault(spec, 'externalTrafficPolicy', 'Cluster');
  if (type === 'LoadBalancer') setAbsent(spec, 'allocateLoadBalancerNodePorts', true);
  if (type !== 'ExternalName') setAbsent(spec, 'internalTrafficPolicy', 'Cluster');
}

const affinitySeconds = 10_800;

/** The affinity of a service to its clients has an end. */
function defaultAffinity(spec: JsonObject): void {
  const config = record(spec['sessionAffinityConfig']) ?? {};
  const clientIp = record(config['clientIP']) ?? {};
  setAbsent(clientIp, 'timeoutSeconds', affinitySeconds);
  spec['sessionAffinityConfig'] = { ...config, clientIP: clientIp };
}

/** Gives the service its cluster IP and node ports. Throws `Invalid` when a wanted one cannot be had. */
function allocate(service: ClusterObject, context: StrategyContext): void {
  const spec = specOf(service);
  if (spec['clusterIP'] && texts(spec['clusterIPs']).length === 0) spec['clusterIPs'] = [spec['clusterIP']];
  const causes = validateClusterIps(spec);
  if (causes.length > 0) throw refused(service, causes);
  if (spec['type'] === 'ExternalName') return;
  settleFamilies(spec);
  if (spec['clusterIP'] !== 'None') allocateClusterIp(service, context);
  if (spec['clusterIP']) spec['clusterIPs'] = [spec['clusterIP']];
  if (spec['type'] === 'NodePort' || spec['allocateLoadBalancerNodePorts'] === true)
    allocateNodePorts(service, context);
  allocateHealthPort(spec, context);
}

/** A headless service without a selector may have addresses of any family, whatever the cluster has. */
function settleFamilies(spec: JsonObject): void {
  const selects = Object.keys(record(spec['selector']) ?? {}).length > 0;
  const anyFamily = spec['clusterIP'] === 'None' && !selects;
  if (spec['ipFamilyPolicy'] === undefined) spec['ipFamilyPolicy'] = anyFamily ? 'RequireDualStack' : 'SingleStack';
  if (texts(spec['ipFamilies']).length > 0) return;
  const both = anyFamily && spec['ipFamilyPolicy'] !== 'SingleStack';
  spec['ipFamilies'] = both ? ['IPv4', 'IPv6'] : ['IPv4'];
}

function allocateClusterIp(service: ClusterObject, context: StrategyContext): void {
  if (!context.allocateClusterIp) return;
  const spec = specOf(service);
  const wanted = optionalText(spec['clusterIP']);
  const given = context.allocateClusterIp(wanted || undefined);
  if (given === undefined) {
    const why = isClusterIp(wanted)
      ? 'provided IP is already allocated'
      : 'the provided network does not match the current range';
    throw refused(service, [invalid('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: ${why}`)]);
  }
  spec['clusterIP'] = given;
}

/** The server knows ports by number: what is asked for over TCP and UDP alike gets one node port. */
function allocateNodePorts(service: ClusterObject, context: StrategyContext): void {
  const ports = items(specOf(service)['ports']);
  const given = new Map<number, number>();
  for (const [index, port] of ports.entries()) {
    const number = Number(port['port']);
    const shared = given.get(number);
    if (!port['nodePort'] && shared !== undefined) port['nodePort'] = shared;
    else if (shared === undefined || port['nodePort'] !== shared) allocateNodePort(service, index, context);
    given.set(number, Number(port['nodePort'] ?? 0));
  }
}

const [firstNodePort, lastNodePort] = [30_000, 32_767];

function allocateNodePort(service: ClusterObject, index: number, context: StrategyContext): void {
  const port = items(specOf(service)['ports'])[index];
  if (!port || !context.allocateNodePort) return;
  const wanted = Number(port['nodePort'] ?? 0);
  const inRange = wanted === 0 || (wanted >= firstNodePort && wanted <= lastNodePort);
  const given = inRange ? context.allocateNodePort(wanted || undefined) : undefined;
  if (given === undefined) {
    const range = `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${lastNodePort}`;
    const why = inRange ? 'provided port is already allocated' : range;
    throw refused(service, [invalid(`spec.ports[${index}].nodePort`, wanted, why)]);
  }
  port['nodePort'] = given;
}

/** Load balancers that keep the source address of a client ask each node whether it has an endpoint. */
function allocateHealthPort(spec: JsonObject, context: StrategyContext): void {
  if (spec['type'] !== 'LoadBalancer' || spec['externalTrafficPolicy'] !== 'Local' || !context.allocateNodePort) return;
  const wanted = Number(spec['healthCheckNodePort'] ?? 0);
  const given = context.allocateNodePort(wanted || undefined);
  if (given === undefined) {
    const why = 'provided port is already allocated';
    throw new ApiError('InternalError', `failed to allocate requested HealthCheck NodePort ${wanted}: ${why}`);
  }
  spec['healthCheckNodePort'] = given;
}

function isClusterIp(ip: string): boolean {
  return ip.startsWith('10.96.');
}

function refused(service: ClusterObject, causes: readonly Cause[]): ApiError {
  const texts_ = causes.map(({ field = '', message }) => `${field}: ${message}`);
  const list = texts_.length === 1 ? texts_.join() : `[${texts_.join(', ')}]`;
  const name = optionalText(service.metadata.name);
  return new ApiError('Invalid', `Service ${JSON.stringify(name)} is invalid: ${list}`, {
    details: { ...(name && { name }), kind: 'Service', causes },
  });
}

function warnOfService(service: ClusterObject): string[] {
  const spec = specOf(service);
  const warnings = warnOfServiceAddresses(spec);
  if (texts(spec['externalIPs']).length > 0)
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  if (spec['trafficDistribution'] === 'PreferClose')
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return warnings;
}

type Need = (spec: JsonObject) => boolean;
const isOutside: Need = (spec) => {
  const { type } = spec;
  return (
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && texts(spec['externalIPs']).length > 0)
  );
};
const isInside: Need = ({ type }) => type !== 'ExternalName';
const needs: Readonly<Record<string, Need>> = {
  ipFamilies: isInside,
  ipFamilyPolicy: isInside,
  internalTrafficPolicy: isInside,
  allocateLoadBalancerNodePorts: ({ type }) => type === 'LoadBalancer',
  loadBalancerClass: ({ type }) => type === 'LoadBalancer',
  externalTrafficPolicy: isOutside,
  healthCheckNodePort: ({ type, externalTrafficPolicy: policy }) => type === 'LoadBalancer' && policy === 'Local',
};

/** Fields that only the type a service had was for go with it, unless the client has set them anew. */
function dropUnused(next: JsonObject, old: JsonObject): void {
  for (const [field, isNeeded] of Object.entries(needs)) {
    if (isNeeded(old) && !isNeeded(next) && isDeepStrictEqual(next[field], old[field])) delete next[field];
  }
}

/** What a client may leave out of an update: the addresses the service has already. */
function keepAddresses(next: ClusterObject, old: ClusterObject): void {
  const spec = specOf(next);
  const before = specOf(old);
  if (spec['type'] === 'ExternalName' || before['type'] === 'ExternalName') return;
  for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'healthCheckNodePort']) {
    setDefault(spec, field, before[field]);
  }
  followAddress(spec, before);
  if (spec['type'] === 'ClusterIP') return;
  const known = new Map(items(before['ports']).map((port) => [portKey(port), port['nodePort']]));
  for (const port of items(spec['ports']))
    if (!port['nodePort']) setDefault(port, 'nodePort', known.get(portKey(port)));
}

/** Old clients know the one address only: when they alone change it, it is the first of the list, too. */
function followAddress(spec: JsonObject, before: JsonObject): void {
  const { clusterIP } = spec;
  if (!clusterIP || clusterIP === before['clusterIP'] || !isDeepStrictEqual(spec['clusterIPs'], before['clusterIPs']))
    return;
  spec['clusterIPs'] = [clusterIP];
}

function portKey(port: JsonObject): string {
  return `${textOf(port['protocol'])}/${textOf(port['port'])}`;
}

export const serviceRules: Readonly<Record<string, KindRules>> = {
  '/Service': {
    name: dns1123Label,
    allowCreateOnUpdate: true,
    defaults: defaultService,
    validate: validateService,
    warnings: warnOfService,
    warnsOnUpdate: 'always',
    validateUpdate: validateServiceUpdate,
    changeIsChecked: 'first',
    validateStatus: validateLoadBalancerStatus,
    prepareForCreate: allocate,
    prepareForUpdate(next, old, context) {
      keepAddresses(next, old);
      dropUnused(specOf(next), specOf(old));
      const had = specOf(old)['type'] !== 'ExternalName' && specOf(old)['clusterIP'];
      if (!had) allocate(next, context);
      else if (specOf(next)['type'] === 'ClusterIP') dropNodePorts(next);
      else if (specOf(next)['type'] === 'ExternalName') dropKeptPorts(next, old);
      else allocateMissingPorts(next, old, context);
    },
    fieldLabels: {
      'spec.clusterIP': (object) => record(object['spec'])?.['clusterIP'],
      'spec.type': (object) => record(object['spec'])?.['type'],
    },
  },
};

function dropNodePorts(service: ClusterObject): void {
  for (const port of items(specOf(service)['ports'])) delete port['nodePort'];
}

/** A name outside needs no ports of nodes: those it had go; others that a client asks for are refused later. */
function dropKeptPorts(next: ClusterObject, old: ClusterObject): void {
  const held = new Set(items(specOf(old)['ports']).map((port) => port['nodePort']));
  for (const port of items(specOf(next)['ports'])) if (held.has(port['nodePort'])) delete port['nodePort'];
}

function allocateMissingPorts(next: ClusterObject, old: ClusterObject, context: StrategyContext): void {
  if (specOf(next)['type'] === 'LoadBalancer' && specOf(next)['allocateLoadBalancerNodePorts'] === false) return;
  const held = new Set(items(specOf(old)['ports']).map((port) => port['nodePort']));
  for (const [index, port] of items(specOf(next)['ports']).entries()) {
    if (!port['nodePort'] || !held.has(port['nodePort'])) allocateNodePort(next, index, context);
  }
}
