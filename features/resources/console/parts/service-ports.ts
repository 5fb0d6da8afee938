import type { Service } from '../../rules/workload-types.ts';

/** `80/TCP, 443/TCP`: the ports of a service in short. */
export function portLine(service: Service): string {
  return (service.spec?.ports ?? [])
    .map(({ port, protocol = 'TCP', name }) => `${port}/${protocol}${name ? ` (${name})` : ''}`)
    .join(', ');
}

/** Where it answers inside the cluster; `None` is a service without an address of its own. */
export function clusterAddress({ spec }: Service): string {
  return spec?.type === 'ExternalName' ? (spec.externalName ?? '') : (spec?.clusterIP ?? '');
}
