import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { StrategyContext } from '../kind-info.ts';
import type { KindRules } from '../kind-rules.ts';
import { dns1123Label } from '../validation/format.ts';
import { validateService, validateServiceUpdate } from '../validation/service.ts';
import { items, optionalText, record, setDefault, setDefaults, specOf, textOf, texts } from './set-default.ts';
import { ApiError } from '@kit/base';

function defaultService(service: ClusterObject): void {
  const spec = specOf(service);
  setDefaults(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec['sessionAffinity'] === 'ClientIP') {
    spec['sessionAffinityConfig'] ??= { clientIP: { timeoutSeconds: 10_800 } };
  }
  for (const port of items(spec['ports'])) {
    setDefault(port, 'protocol', 'TCP');
    if (!port['targetPort']) port['targetPort'] = port['port'] ?? 0;
  }
  const { type } = spec;
  if (type === 'NodePort' || type === 'LoadBalancer') setDefault(spec, 'externalTrafficPolicy', 'Cluster');
  if (type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
  if (type !== 'ExternalName') setDefault(spec, 'internalTrafficPolicy', 'Cluster');
}

/** Gives the service its cluster IP and node ports. Throws `Invalid` when a wanted one cannot be had. */
function allocate(service: ClusterObject, context: StrategyContext): void {
  const spec = specOf(service);
  if (spec['type'] === 'ExternalName') return;
  setDefaults(spec, { ipFamilyPolicy: 'SingleStack' });
  if (texts(spec['ipFamilies']).length === 0) spec['ipFamilies'] = ['IPv4'];
  if (spec['clusterIP'] !== 'None') allocateClusterIp(service, context);
  if (spec['clusterIP']) spec['clusterIPs'] = [spec['clusterIP']];
  if (spec['type'] === 'NodePort' || spec['allocateLoadBalancerNodePorts'] === true)
    allocateNodePorts(service, context);
}

function allocateClusterIp(service: ClusterObject, context: StrategyContext): void {
  if (!context.allocateClusterIp) return;
  const spec = specOf(service);
  const wanted = optionalText(spec['clusterIP']);
  const given = context.allocateClusterIp(wanted || undefined);
  if (given === undefined) throw refused(service, 'spec.clusterIPs', wanted ? [wanted] : []);
  spec['clusterIP'] = given;
}

function allocateNodePorts(service: ClusterObject, context: StrategyContext): void {
  for (const index of items(specOf(service)['ports']).keys()) allocateNodePort(service, index, context);
}

function allocateNodePort(service: ClusterObject, index: number, context: StrategyContext): void {
  const port = items(specOf(service)['ports'])[index];
  if (!port || !context.allocateNodePort) return;
  const wanted = Number(port['nodePort'] ?? 0);
  const given = context.allocateNodePort(wanted || undefined);
  if (given === undefined) throw refused(service, `spec.ports[${index}].nodePort`, wanted);
  port['nodePort'] = given;
}

function refused(service: ClusterObject, field: string, value: unknown): ApiError {
  const message = `Invalid value: ${JSON.stringify(value)}: provided value is already allocated or outside the range`;
  const causes: Cause[] = [{ field, message, reason: 'FieldValueInvalid' }];
  const { name } = service.metadata;
  return new ApiError('Invalid', `Service ${JSON.stringify(name)} is invalid: ${field}: ${message}`, {
    details: { name, kind: 'Service', causes },
  });
}

/** What a client may leave out of an update: the addresses the service has already. */
function keepAddresses(next: ClusterObject, old: ClusterObject): void {
  const spec = specOf(next);
  const before = specOf(old);
  if (spec['type'] === 'ExternalName' || before['type'] === 'ExternalName') return;
  for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'healthCheckNodePort']) {
    setDefault(spec, field, before[field]);
  }
  if (spec['type'] === 'ClusterIP') return;
  const known = new Map(items(before['ports']).map((port) => [portKey(port), port['nodePort']]));
  for (const port of items(spec['ports']))
    if (!port['nodePort']) setDefault(port, 'nodePort', known.get(portKey(port)));
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
    validateUpdate: validateServiceUpdate,
    prepareForCreate: allocate,
    prepareForUpdate(next, old, context) {
      keepAddresses(next, old);
      const had = specOf(old)['type'] !== 'ExternalName' && specOf(old)['clusterIP'];
      if (!had) allocate(next, context);
      else if (specOf(next)['type'] === 'ClusterIP') dropNodePorts(next);
      else if (specOf(next)['type'] !== 'ExternalName') allocateMissingPorts(next, old, context);
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

function allocateMissingPorts(next: ClusterObject, old: ClusterObject, context: StrategyContext): void {
  if (specOf(next)['type'] === 'LoadBalancer' && specOf(next)['allocateLoadBalancerNodePorts'] === false) return;
  const held = new Set(items(specOf(old)['ports']).map((port) => port['nodePort']));
  for (const [index, port] of items(specOf(next)['ports']).entries()) {
    if (!port['nodePort'] || !held.has(port['nodePort'])) allocateNodePort(next, index, context);
  }
}
