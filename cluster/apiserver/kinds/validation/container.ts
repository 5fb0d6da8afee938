import type { Cause } from '@kit/base';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { items, record, textOf, texts } from '../rules/set-default.ts';
import { at, duplicate, invalid, notFound, notSupported, required } from './cause.ts';
import { dns1123Label, portName, portNumber, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';

const fieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const valueSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const maxId = 2_147_483_647;

/** What is wrong with the containers of one list, given the volumes of their pod. */
export function validateContainers(list: readonly JsonObject[], field: string, volumes: ReadonlySet<string>): Cause[] {
  const names = new Set<string>();
  return list.flatMap((container, index) => {
    const path = at(field, index);
    const name = textOf(container['name'] ?? '');
    const causes = name ? checkFormat(`${path}.name`, name, dns1123Label) : [required(`${path}.name`)];
    if (name && names.has(name)) causes.push(duplicate(`${path}.name`, name));
    names.add(name);
    return [...causes, ...validateContainer(container, path, volumes)];
  });
}

function validateContainer(container: JsonObject, field: string, volumes: ReadonlySet<string>): Cause[] {
  const hooks = record(container['lifecycle']);
  return [
    ...(container['image'] ? [] : [required(`${field}.image`)]),
    ...(hooks
      ? ['postStart', 'preStop'].flatMap((hook) => validateHandler(hooks[hook], `${field}.lifecycle.${hook}`))
      : []),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) =>
      validateHandler(container[probe], `${field}.${probe}`),
    ),
    ...validatePorts(items(container['ports']), `${field}.ports`),
    ...items(container['env']).flatMap((variable, index) => validateVariable(variable, at(`${field}.env`, index))),
    ...validateMounts(items(container['volumeMounts']), `${field}.volumeMounts`, volumes),
    ...validateChoice(container, 'imagePullPolicy', { field, supported: ['Always', 'IfNotPresent', 'Never'] }),
    ...validateChoice(container, 'terminationMessagePolicy', { field, supported: ['FallbackToLogsOnError', 'File'] }),
    ...validateChoice(container, 'restartPolicy', { field, supported: ['Always', 'Never', 'OnFailure'] }),
    ...validateResources(record(container['resources']), `${field}.resources`),
    ...validateIds(record(container['securityContext']), `${field}.securityContext`),
  ];
}

/** A field that has one of a few texts, if it is set. */
export function validateChoice(
  object: JsonObject,
  name: string,
  { field, supported }: { field: string; supported: readonly string[] },
): Cause[] {
  const value = object[name];
  return value === undefined || supported.includes(textOf(value))
    ? []
    : [notSupported(`${field}.${name}`, value, supported)];
}

export function validateIds(context: JsonObject | undefined, field: string): Cause[] {
  return ['runAsUser', 'runAsGroup', 'fsGroup'].flatMap((name) => {
    const id = context?.[name];
    const wrong = typeof id === 'number' && (id < 0 || id > maxId);
    return wrong ? [invalid(`${field}.${name}`, id, `must be between 0 and ${maxId}, inclusive`)] : [];
  });
}

function validatePorts(ports: readonly JsonObject[], field: string): Cause[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const path = at(field, index);
    const name = textOf(port['name'] ?? '');
    const number = Number(port['containerPort'] ?? 0);
    const causes: Cause[] = name ? checkFormat(`${path}.name`, name, portName) : [];
    if (name && causes.length === 0 && names.has(name)) causes.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (number === 0) causes.push(required(`${path}.containerPort`));
    else causes.push(...portNumber(number).map((problem) => invalid(`${path}.containerPort`, number, problem)));
    return [...causes, ...validateChoice(port, 'protocol', { field: path, supported: protocols })];
  });
}

function validateVariable(variable: JsonObject, field: string): Cause[] {
  const causes = variable['name'] ? [] : [required(`${field}.name`)];
  const from = record(variable['valueFrom']);
  if (!from) return causes;
  if (!valueSources.some((source) => from[source] !== undefined)) {
    const text =
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    causes.push(invalid(`${field}.valueFrom`, '', text));
  } else if (variable['value'])
    causes.push(invalid(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty'));
  const fieldRef = record(from['fieldRef']);
  if (fieldRef)
    causes.push(...validateFieldPath(textOf(fieldRef['fieldPath'] ?? ''), `${field}.valueFrom.fieldRef.fieldPath`));
  for (const source of ['configMapKeyRef', 'secretKeyRef']) {
    const reference = record(from[source]);
    if (reference && !reference['key']) causes.push(required(`${field}.valueFrom.${source}.key`));
  }
  return causes;
}

function validateFieldPath(path: string, field: string): Cause[] {
  if (!path) return [required(field)];
  const base = path.replace(/\['.*'\]$/, '');
  return fieldPaths.includes(base)
    ? []
    : [invalid(field, path, `error converting fieldPath: field label not supported: ${path}`)];
}

function validateMounts(mounts: readonly JsonObject[], field: string, volumes: ReadonlySet<string>): Cause[] {
  const paths = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const at_ = at(field, index);
    const [name, path] = [textOf(mount['name'] ?? ''), textOf(mount['mountPath'] ?? '')];
    const causes = name ? [] : [required(`${at_}.name`)];
    if (!volumes.has(name)) causes.push(notFound(`${at_}.name`, name));
    if (!path) causes.push(required(`${at_}.mountPath`));
    if (paths.has(path)) causes.push(invalid(`${at_}.mountPath`, path, 'must be unique'));
    paths.add(path);
    return causes;
  });
}

const handlerNumbers = [
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
  'initialDelaySeconds',
];
const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/** A probe or a hook: exactly one way of acting, with what that needs. */
function validateHandler(value: unknown, field: string): Cause[] {
  const handler = record(value);
  if (!handler) return [];
  if (!handlers.some((name) => handler[name] !== undefined)) return [required(field, 'must specify a handler type')];
  const exec = record(handler['exec']);
  return [
    ...(exec && texts(exec['command']).length === 0 ? [required(`${field}.exec.command`)] : []),
    ...['httpGet', 'tcpSocket'].flatMap((name) => {
      const action = record(handler[name]);
      return action ? validatePort(action['port'] ?? 0, `${field}.${name}.port`) : [];
    }),
    ...handlerNumbers.flatMap((name) => {
      const number = handler[name];
      const negative = typeof number === 'number' && number < 0;
      return negative ? [invalid(`${field}.${name}`, number, 'must be greater than or equal to 0')] : [];
    }),
  ];
}

/** A port by number or by name. */
export function validatePort(port: unknown, field: string): Cause[] {
  if (typeof port === 'number') return portNumber(port).map((problem) => invalid(field, port, problem));
  return checkFormat(field, textOf(port), portName);
}

const standardResources = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Names and amounts of requests and limits. */
export function validateResources(resources: JsonObject | undefined, field: string): Cause[] {
  const limits = record(resources?.['limits']) ?? {};
  const requests = record(resources?.['requests']) ?? {};
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => validateAmount(name, amount, `${field}.limits`)),
    ...Object.entries(requests).flatMap(([name, amount]) => [
      ...validateAmount(name, amount, `${field}.requests`),
      ...exceeds(name, amount, { limit: limits[name], field: `${field}.requests` }),
    ]),
  ];
}

function exceeds(name: string, amount: unknown, { limit, field }: { limit: unknown; field: string }): Cause[] {
  if (limit === undefined || quantityValue(textOf(amount)) <= quantityValue(textOf(limit))) return [];
  return [invalid(field, amount, `must be less than or equal to ${name} limit of ${textOf(limit)}`)];
}

function validateAmount(name: string, amount: unknown, field: string): Cause[] {
  const path = at(field, name);
  const causes = validateResourceName(name, path);
  if (quantityValue(textOf(amount)) < 0) causes.push(invalid(path, amount, 'must be greater than or equal to 0'));
  return causes;
}

function validateResourceName(name: string, field: string): Cause[] {
  const causes = checkFormat(field, name, qualifiedName);
  if (causes.length > 0 || name.includes('/') || standardResources.has(name) || name.startsWith('hugepages-'))
    return causes;
  return [
    invalid(field, name, 'must be a standard resource type or fully qualified'),
    invalid(field, name, 'must be a standard resource for containers'),
  ];
}
