import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, texts } from '../rules/set-default.ts';
import { canonicalAddress } from '../validation/address.ts';

/** A warning about an IPv6 address, or a range of them, that others write in another way. */
export function warnOfAddress(text: string, field: string): string[] {
  const canonical = canonicalAddress(text);
  if (canonical === text) return [];
  const what = text.includes('/') ? 'IPv6 CIDR value' : 'IPv6 address';
  return [
    `${field}: ${what} ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(canonical)})`,
  ];
}

const each = (list: unknown, field: string): string[] =>
  texts(list).flatMap((text, index) => warnOfAddress(text, `${field}[${index}]`));

/** Warnings about the addresses and ranges in the spec of a Service. */
export function warnOfServiceAddresses(spec: JsonObject): string[] {
  return [
    ...each(spec['externalIPs'], 'spec.externalIPs'),
    ...each(spec['loadBalancerSourceRanges'], 'spec.loadBalancerSourceRanges'),
  ];
}

/** Warnings about the ranges in a NetworkPolicy. */
export function warnOfNetworkPolicy(policy: ClusterObject): string[] {
  const spec = fieldsIn(policy['spec']);
  const sides = [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const;
  return sides.flatMap(([side, peers]) =>
    items(spec[side]).flatMap((rule, at) =>
      items(rule[peers]).flatMap(({ ipBlock }, index) => {
        const { cidr, except } = fieldsIn(ipBlock);
        const field = `spec.${side}[${at}].${peers}[${index}].ipBlock`;
        return [...warnOfAddress(optionalText(cidr), `${field}.cidr`), ...each(except, `${field}.except`)];
      }),
    ),
  );
}

/** Warnings about the pod ranges of a Node. */
export const warnOfPodRanges = (node: ClusterObject): string[] =>
  each(fieldsIn(node['spec'])['podCIDRs'], 'spec.podCIDRs');

/** Warnings about the addresses of Endpoints. */
export function warnOfEndpoints(object: ClusterObject): string[] {
  return items(object['subsets']).flatMap((subset, at) =>
    ['addresses', 'notReadyAddresses'].flatMap((list) =>
      items(subset[list]).flatMap(({ ip }, index) =>
        warnOfAddress(optionalText(ip), `subsets[${at}].${list}[${index}].ip`),
      ),
    ),
  );
}
