import type { Forwarding, Target } from './service-kinds.ts';

export interface RuleSetting {
  /** The name of the table that is this cluster's own. */
  readonly table: string;
  readonly podCIDR: string;
}

// Connections that were sent elsewhere come back the same way only when they seem to come from this machine.
const mark = '0x4653';

const quoted = (text: string): string => JSON.stringify(text.replace(/[^\x20-\x21\x23-\x7e]/g, '?').slice(0, 120));

function choice(targets: readonly Target[], sticksToClient: boolean): string {
  const [only] = targets;
  if (targets.length === 1 && only) return `${only.ip} . ${only.port}`;
  const random = sticksToClient ? `jhash ip saddr mod ${targets.length}` : `numgen random mod ${targets.length}`;
  const places = targets.map(({ ip, port }, index) => `${index} : ${ip} . ${port}`).join(', ');
  return `${random} map { ${places} }`;
}

function destination({ ip, port, protocol, isNodePort }: Forwarding): string {
  const where = isNodePort ? 'fib daddr type local' : `ip daddr ${ip}`;
  return `${where} ${protocol} dport ${port}`;
}

function rule(forwarding: Forwarding): string {
  const to = choice(forwarding.targets, forwarding.sticksToClient === true);
  return `    ${destination(forwarding)} ct mark set ${mark} dnat ip addr . port to ${to} comment ${quoted(forwarding.service)}`;
}

/** What a service without a ready pod answers with: a refusal at once, instead of silence. */
function refusal(forwarding: Forwarding): string {
  const how = forwarding.protocol === 'tcp' ? 'reject with tcp reset' : 'reject';
  return `    ${destination(forwarding)} ${how} comment ${quoted(forwarding.service)}`;
}

/** The rules of the kernel's packet filter, as one text that replaces all earlier ones at once. */
export function serviceRules(all: readonly Forwarding[], { table, podCIDR }: RuleSetting): string {
  const open = all.filter(({ targets }) => targets.length > 0).map(rule);
  const shut = all.filter(({ targets, isNodePort }) => targets.length === 0 && !isNodePort).map(refusal);
  const chain = (name: string, hook: string, rules: readonly string[]): string[] => [
    `  chain ${name} {`,
    `    ${hook}; policy accept;`,
    ...rules,
    '  }',
  ];
  return [
    `table ip ${table}`,
    `delete table ip ${table}`,
    `table ip ${table} {`,
    '  chain services {',
    ...open,
    '  }',
    '  chain unserved {',
    ...shut,
    '  }',
    ...chain('prerouting', 'type nat hook prerouting priority dstnat - 5', ['    jump services']),
    ...chain('output', 'type nat hook output priority -105', ['    jump services']),
    ...chain('postrouting', 'type nat hook postrouting priority srcnat - 5', [
      `    ct mark ${mark} ip daddr ${podCIDR} masquerade`,
    ]),
    ...chain('forwarded', 'type filter hook forward priority filter - 5', ['    jump unserved']),
    ...chain('sent', 'type filter hook output priority filter - 5', ['    jump unserved']),
    '}',
    '',
  ].join('\n');
}
