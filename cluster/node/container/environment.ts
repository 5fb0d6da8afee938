import type { ClusterObject } from '../../client.ts';
import type { ContainerSpec, EnvVar, Pod } from '../../reconcile/pod.ts';
import type { Configuration } from './configuration.ts';
import { containerResource, podField } from './pod-fields.ts';

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
}

const variableName = (name: string): string => name.toUpperCase().replaceAll('-', '_');

function* serviceVariables({ metadata, spec }: ClusterObject): Generator<[string, string]> {
  const { clusterIP: ip = '', ports = [] } = spec as ServiceSpec; // a Service
  const [first] = ports;
  if (!ip || ip === 'None' || !first) return;
  const prefix = variableName(metadata.name);
  yield [`${prefix}_SERVICE_HOST`, ip];
  yield [`${prefix}_SERVICE_PORT`, String(first.port)];
  for (const { name, port } of ports) if (name) yield [`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port)];
  const url = ({ port, protocol = 'TCP' }: (typeof ports)[number]): string =>
    `${protocol.toLowerCase()}://${ip}:${port}`;
  yield [`${prefix}_PORT`, url(first)];
  for (const one of ports) {
    const { port, protocol = 'TCP' } = one;
    const start = `${prefix}_PORT_${port}_${protocol}`;
    yield [start, url(one)];
    yield [`${start}_PROTO`, protocol.toLowerCase()];
    yield [`${start}_PORT`, String(port)];
    yield [`${start}_ADDR`, ip];
  }
}

/** `$(NAME)` becomes the value of a variable that is known already; `$$(NAME)` is written `$(NAME)`. */
function expanded(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (known.get(name) ?? whole),
  );
}

export interface EnvironmentOf {
  readonly pod: Pod;
  readonly container: ContainerSpec;
  readonly ip: string;
}

async function variableOf(
  { valueFrom, value = '' }: EnvVar,
  known: ReadonlyMap<string, string>,
  setting: EnvironmentOf & { configuration: Configuration },
): Promise<string | undefined> {
  const { pod, container, ip, configuration } = setting;
  if (!valueFrom) return expanded(value, known);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  const namespace = pod.metadata.namespace ?? '';
  if (fieldRef) return podField(pod, fieldRef.fieldPath, ip);
  if (configMapKeyRef) return configuration.key('ConfigMap', namespace, configMapKeyRef);
  if (secretKeyRef) return configuration.key('Secret', namespace, secretKeyRef);
  return resourceFieldRef ? containerResource(container, resourceFieldRef) : undefined;
}

/** The variables a container is started with, in the order a node gathers them. Throws `ConfigProblem`. */
export async function containerEnvironment(
  configuration: Configuration,
  of: EnvironmentOf,
): Promise<Map<string, string>> {
  const { pod, container } = of;
  const namespace = pod.metadata.namespace ?? '';
  const services = new Map<string, string>();
  const linked = pod.spec.enableServiceLinks === false ? [] : await configuration.services(namespace);
  const own = await configuration.find({ group: '', resource: 'services' }, 'default', 'kubernetes');
  for (const service of [...(own ? [own] : []), ...linked.filter(({ metadata }) => metadata.name !== 'kubernetes')])
    for (const [name, value] of serviceVariables(service)) services.set(name, value);
  const result = new Map<string, string>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const ref = configMapRef ?? secretRef;
    const content = ref && (await configuration.source(configMapRef ? 'ConfigMap' : 'Secret', namespace, ref));
    for (const [key, value] of content ?? []) if (/^[^=\s]+$/.test(key)) result.set(prefix + key, value.toString());
  }
  for (const variable of container.env ?? []) {
    const value = await variableOf(variable, new Map([...services, ...result]), { ...of, configuration });
    if (value !== undefined) result.set(variable.name, value);
  }
  return new Map([...services, ...result]);
}

/** Reads every source the container names, for what is missing. Throws `ConfigProblem`. */
export async function checkEnvironment(
  configuration: Configuration,
  { pod, container }: Pick<EnvironmentOf, 'pod' | 'container'>,
): Promise<void> {
  const namespace = pod.metadata.namespace ?? '';
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef) await configuration.source('ConfigMap', namespace, configMapRef);
    if (secretRef) await configuration.source('Secret', namespace, secretRef);
  }
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.configMapKeyRef) await configuration.key('ConfigMap', namespace, valueFrom.configMapKeyRef);
    if (valueFrom?.secretKeyRef) await configuration.key('Secret', namespace, valueFrom.secretKeyRef);
  }
}
