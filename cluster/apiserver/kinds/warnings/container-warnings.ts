import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText } from '../rules/set-default.ts';

const wholeBytes = ['memory', 'ephemeral-storage'];

/** A warning for an amount of bytes with a fraction. */
export function warnOfFraction(list: unknown, name: string, path: string): string[] {
  const amount = fieldsIn(list)[name];
  if (amount === undefined || Number.isInteger(quantityValue(optionalText(amount)))) return [];
  const shown = JSON.stringify(optionalText(amount));
  return [`${path}[${name}]: fractional byte value ${shown} is invalid, must be an integer`];
}

function warnOfResources(container: JsonObject, path: string): string[] {
  const { limits, requests } = fieldsIn(container['resources']);
  return wholeBytes.flatMap((name) => [
    ...warnOfFraction(limits, name, `${path}.resources.limits`),
    ...warnOfFraction(requests, name, `${path}.resources.requests`),
  ]);
}

function warnOfEnvironment(container: JsonObject, path: string): string[] {
  const known = new Map<string, unknown>();
  return items(container['env']).flatMap(({ name: given, value }, index) => {
    const name = optionalText(given);
    const hides = known.has(name) && !optionalText(value).includes(`$(${name})`); // one that is made of the other keeps it
    known.set(name, value);
    const shown = JSON.stringify(name);
    return hides
      ? [`${path}.env[${index}]: hides previous definition of ${shown}, which may be dropped when using apply`]
      : [];
  });
}

interface Port {
  readonly path: string;
  readonly protocol: string;
  readonly container: number;
  readonly host: number;
  readonly address: string;
}

function portsOf(container: JsonObject, path: string): (Port & { readonly name: string })[] {
  return items(container['ports']).map((port, index) => ({
    path: `${path}.ports[${index}]`,
    name: optionalText(port['name']),
    protocol: optionalText(port['protocol']),
    container: Number(port['containerPort'] ?? 0),
    host: Number(port['hostPort'] ?? 0),
    address: optionalText(port['hostIP']),
  }));
}

function warnOfPort(port: Port, other: Port): string[] {
  if (port.container !== other.container || port.protocol !== other.protocol) return [];
  if (port.host === other.host && port.address === other.address)
    return [`${port.path}: duplicate port definition with ${other.path}`];
  if (port.host === 0 || other.host === 0 || port.host === other.host)
    return [`${port.path}: overlapping port definition with ${other.path}`];
  return [];
}

/** A container of a pod and where it is in it. */
export interface PlacedContainer {
  readonly container: JsonObject;
  readonly path: string;
}

/** Warnings about the containers of a pod: first what is said of each, then of their ports together. */
export function warnOfContainers(containers: readonly PlacedContainer[]): string[] {
  const ports: Port[] = [];
  return containers.flatMap(({ container, path }) => {
    const warnings = [...warnOfResources(container, path), ...warnOfEnvironment(container, path)];
    for (const port of portsOf(container, path)) {
      if (port.address && port.host === 0) {
        const { name, host, container: at, protocol, address } = port;
        const shown = `{Name:${name} HostPort:${host} ContainerPort:${at} Protocol:${protocol} HostIP:${address}}`;
        warnings.push(`${port.path}: hostIP set without hostPort: ${shown}`);
      }
      warnings.push(...ports.flatMap((other) => warnOfPort(port, other)));
      ports.push(port);
    }
    return warnings;
  });
}
