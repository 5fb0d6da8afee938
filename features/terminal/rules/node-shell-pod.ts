import type { KubeObject } from '@kit/kube';

/** Where pods of the platform's own stand that lend somebody a shell. */
export const shellNamespace = 'kubesphere-controls-system';
export const nodeShellLabel = 'terminal.freehold.io/node-shell';
const longestSessionSeconds = 8 * 60 * 60;
const root = 0;

/** The command that steps from the pod into the node's own namespaces, and the shells to try there. */
export const nodeCommands: readonly (readonly string[])[] = ['bash', 'sh'].map((shell) => [
  'nsenter',
  ...['--target=1', '--mount', '--uts', '--ipc', '--net', '--pid'],
  '--',
  shell,
]);

/**
 * The pod of one session on a node. It has no ServiceAccount's token, goes with the session, and ends by itself should
 * the server not live to remove it.
 */
export function nodeShellPod({
  node,
  name,
  image,
  user,
}: Record<'node' | 'name' | 'image' | 'user', string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: shellNamespace,
      labels: { [nodeShellLabel]: 'true' },
      annotations: { 'terminal.freehold.io/user': user },
    },
    spec: {
      nodeName: node,
      hostPID: true,
      hostNetwork: true,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: longestSessionSeconds,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'shell',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', String(longestSessionSeconds)],
          securityContext: { privileged: true, runAsUser: root },
        },
      ],
    },
  };
}
