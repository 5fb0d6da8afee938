import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { items, optionalText, record, texts } from '../rules/set-default.ts';
import { forbidden, invalid, notSupported, required } from './cause.ts';
import { portName, portNumber } from './format.ts';
import { nonNegative } from './number.ts';
import { checkFormat } from './object-meta.ts';

const kinds = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];
const headerNote =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

/** A port by number or by name. */
export function validatePort(port: unknown, field: string): Cause[] {
  if (typeof port === 'number') return portNumber(port).map((problem) => invalid(field, port, problem));
  return checkFormat(field, optionalText(port), portName);
}

/** How long a pod may take to end: a hook may not sleep longer. */
export interface Grace {
  readonly seconds: number;
}

/** A probe or a hook: exactly one way of acting, with what that needs. */
export function validateHandler(handler: JsonObject, field: string, grace: Grace): Cause[] {
  const [first, ...others] = kinds.filter((kind) => record(handler[kind]));
  if (!first) return [required(field, 'must specify a handler type')];
  return [
    ...validateAction(first, handler[first], { field: `${field}.${first}`, grace }),
    ...others.map((kind) => forbidden(`${field}.${kind}`, 'may not specify more than 1 handler type')),
  ];
}

function validateAction(kind: string, value: unknown, { field, grace }: { field: string; grace: Grace }): Cause[] {
  const action = record(value) ?? {};
  switch (kind) {
    case 'exec':
      return texts(action['command']).length === 0 ? [required(`${field}.command`)] : [];
    case 'httpGet':
      return validateHttp(action, field);
    case 'sleep':
      return validateSleep(Number(action['seconds'] ?? 0), field, grace);
    case 'grpc':
      return validatePort(action['port'] ?? 0, `${field}.port`);
    default:
      return validatePort(action['port'] ?? 0, `${field}.port`);
  }
}

function validateHttp(action: JsonObject, field: string): Cause[] {
  const { scheme } = action;
  const known = scheme === 'HTTP' || scheme === 'HTTPS';
  return [
    ...(action['path'] ? [] : [required(`${field}.path`)]),
    ...validatePort(action['port'] ?? 0, `${field}.port`),
    ...(known ? [] : [notSupported(`${field}.scheme`, scheme, ['HTTP', 'HTTPS'])]),
    ...items(action['httpHeaders']).flatMap(({ name }) =>
      /^[-A-Za-z0-9]+$/.test(optionalText(name)) ? [] : [invalid(`${field}.httpHeaders`, name ?? '', headerNote)],
    ),
  ];
}

function validateSleep(seconds: number, field: string, { seconds: most }: Grace): Cause[] {
  const note = `must be non-negative and less than terminationGracePeriodSeconds (${most})`;
  return seconds < 0 || seconds > most ? [invalid(field, seconds, note)] : [];
}

const probeNumbers = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

/** What is wrong with a probe of a name: those that end a container succeed at once. */
export function validateProbe(value: unknown, name: string, field: string): Cause[] {
  const probe = record(value);
  if (!probe) return [];
  const grace = probe['terminationGracePeriodSeconds'];
  const path = `${field}.${name}`;
  const once = name !== 'readinessProbe' && Number(probe['successThreshold'] ?? 1) !== 1;
  return [
    ...validateHandler(probe, path, { seconds: Number.MAX_SAFE_INTEGER }),
    ...probeNumbers.flatMap((number) => nonNegative(`${path}.${number}`, probe[number])),
    ...(typeof grace === 'number' && grace <= 0
      ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')]
      : []),
    ...(once ? [invalid(`${path}.successThreshold`, probe['successThreshold'], 'must be 1')] : []),
    ...(name === 'readinessProbe' && grace !== undefined
      ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes')]
      : []),
  ];
}
