import type { Permission, Upgrade } from '@kit/http';
import { nodeTerminal } from './node/node-terminal.ts';
import { podTerminal } from './exec/pod-terminal.ts';
import type { TerminalDeps } from './ports.ts';

/** The path names the rest: `pods/exec` in its namespace, `nodes/exec`. */
const mayEnter: Permission = { by: 'rbac', attributes: { verb: 'create', group: '' } };
const base = '/kapis/terminal.kubesphere.io/v1alpha2';

/** Shells over WebSocket; the right to one is asked again while it is open. */
export function terminalUpgrades(deps: TerminalDeps): Upgrade[] {
  return [
    {
      prefix: `${base}/namespaces`,
      scope: 'project',
      permission: mayEnter,
      summary: 'A shell in a container of a pod',
      handle: (raw, context) => podTerminal(deps, { ...raw, context }),
    },
    {
      prefix: `${base}/nodes`,
      scope: 'cluster',
      permission: mayEnter,
      summary: 'A shell on a node, in a pod that is removed with the session',
      handle: (raw, context) => nodeTerminal(deps, { ...raw, context }),
    },
  ];
}
