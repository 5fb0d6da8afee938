import type { ClusterObject } from '../../client.ts';
import type { ContainerSpec, EnvVar, Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
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

type EnvFrom = NonNullable<ContainerSpec['envFrom']>[number];

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

async function serviceLinks(configuration: Configuration, { metadata, spec }: Pod): Promise<Map<string, string>> {
  const linked = spec.enableServiceLinks === false ? [] : await configuration.services(metadata.namespace ?? '');
  const own = await configuration.find(refs.services, 'default', 'kubernetes');
  const others = linked.filter((one) => one.metadata.name !== 'kubernetes');
  return new Map([...(own ? [own] : []), ...others].flatMap((service) => [...serviceVariables(service)]));
}

async function gathered(configuration: Configuration, namespace: string, source: EnvFrom): Promise<[string, string][]> {
  const { prefix = '', configMapRef, secretRef } = source;
  const parts = [
    configMapRef && (await configuration.source('ConfigMap', namespace, configMapRef)),
    secretRef && (await configuration.source('Secret', namespace, secretRef)),
  ];
  const entries = parts.flatMap((part) => [...(part ?? [])]);
  return entries.filter(([key]) => /^[^=\s]+$/.test(key)).map(([key, value]) => [prefix + key, value.toString()]);
}

/** The variables a container is started with, in the order a node gathers them. Throws `ConfigProblem`. */
export async function containerEnvironment(
  configuration: Configuration,
  of: EnvironmentOf,
): Promise<Map<string, string>> {
  const { pod, container } = of;
  const result = await serviceLinks(configuration, pod);
  for (const source of container.envFrom ?? [])
    for (const [name, value] of await gathered(configuration, pod.metadata.namespace ?? '', source))
      result.set(name, value);
  for (const variable of container.env ?? []) {
    const value = await variableOf(variable, result, { ...of, configuration });
    if (value !== undefined) result.set(variable.name, value);
  }
  return result;
}

/** Reads every source the container names, for what is missing. Throws `ConfigProblem`. */
export async function checkEnvironment(
  configuration: Configuration,
  { pod, container }: Pick<EnvironmentOf, 'pod' | 'container'>,
): Promise<void> {
  const namespace = pod.metadata.namespace ?? '';
  for (const source of container.envFrom ?? []) await gathered(configuration, namespace, source);
  for (const { valueFrom = {} } of container.env ?? []) {
    const { configMapKeyRef, secretKeyRef } = valueFrom;
    if (configMapKeyRef) await configuration.key('ConfigMap', namespace, configMapKeyRef);
    if (secretKeyRef) await configuration.key('Secret', namespace, secretKeyRef);
  }
}
