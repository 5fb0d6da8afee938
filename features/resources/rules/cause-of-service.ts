import { cause, type Cause } from './cause.ts';
import { labelText } from './label-text.ts';
import type { EndpointSlice, Pod, Service } from './workload-types.ts';

/** A service with what stands behind it. */
export interface ServiceFacts {
  readonly service: Service;
  /** Its own slices. */
  readonly slices: readonly EndpointSlice[];
  /** All pods of the project. */
  readonly pods: readonly Pod[];
}

/** True when every label of the selector is on the object; an empty selector selects nothing here. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
}

/** The pods a service sends traffic to once they are ready. */
export function podsOfService(service: Service, pods: readonly Pod[]): Pod[] {
  return pods.filter(({ metadata }) => selects(service.spec?.selector, metadata.labels));
}

/** One address behind a service. */
export interface Endpoint {
  readonly address: string;
  readonly ready: boolean;
  readonly pod?: string;
  readonly ports: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[];
}

/** The addresses of all slices; readiness that is not said counts as ready, as the API has it. */
export function endpointsOf(slices: readonly EndpointSlice[]): Endpoint[] {
  return slices.flatMap((slice) =>
    (slice.endpoints ?? []).flatMap(({ addresses = [], conditions, targetRef }) =>
      addresses.map((address) => ({
        address,
        ready: conditions?.ready ?? true,
        ports: slice.ports ?? [],
        ...(targetRef?.kind === 'Pod' && targetRef.name ? { pod: targetRef.name } : {}),
      })),
    ),
  );
}

function missingNamedPort(service: Service, pods: readonly Pod[]): string | undefined {
  const opened = new Set(
    pods.flatMap(({ spec }) => (spec?.containers ?? []).flatMap(({ ports = [] }) => ports.map(({ name }) => name))),
  );
  const named = (service.spec?.ports ?? []).flatMap(({ targetPort }) =>
    typeof targetPort === 'string' ? [targetPort] : [],
  );
  return named.find((name) => !opened.has(name));
}

/** Why nothing answers behind a service; nothing when something does, or when it points elsewhere by intent. */
export function causeOfService({ service, slices, pods }: ServiceFacts): Cause | undefined {
  const { selector, type } = service.spec ?? {};
  if (type === 'ExternalName' || service.metadata.deletionTimestamp) return undefined;
  if (endpointsOf(slices).some(({ ready }) => ready)) return undefined;
  if (!selector || Object.keys(selector).length === 0) return cause('noReadyEndpoint', { params: { pods: 0 } });
  const behind = podsOfService(service, pods);
  if (behind.length === 0)
    return cause('selectorMatchesNothing', {
      params: {
        selector: labelText(selector),
      },
    });
  const port = missingNamedPort(service, behind);
  if (port !== undefined) return cause('portNotOpen', { params: { port } });
  return {
    ...cause('noReadyEndpoint', { params: { pods: behind.length } }),
    pods: behind.map(({ metadata }) => metadata.name),
  };
}
