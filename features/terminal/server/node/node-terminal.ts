import { randomBytes } from 'node:crypto';
import { ApiError, isApiError, type Clock } from '@kit/base';
import type { RawConnection, RawContext } from '@kit/http';
import { kinds, type KubeClient, type KubeObject } from '@kit/kube';
import { nodeCommands, nodeShellLabel, nodeShellPod, shellNamespace } from '../../rules/node-shell-pod.ts';
import { runSession, type ShellPlace } from '../exec/terminal-session.ts';
import type { TerminalDeps } from '../ports.ts';

const defaultImage = 'docker.io/library/busybox:1.37';
const lookEveryMs = 500;
const longestStartMs = 180_000;
const simulatedMark = 'node.cluster.local/simulated';

interface Pod extends KubeObject {
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    containerStatuses?: readonly { state?: { waiting?: { reason?: string; message?: string } } }[];
  };
}

function nodeIn(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  const [, , , , nodes, node = '', exec, more] = path.split('/').map(decodeURIComponent);
  if (nodes === 'nodes' && node !== '' && exec === 'exec' && more === undefined) return node;
  throw new ApiError('NotFound', `there is nothing at "${path}"; it would be .../nodes/NODE/exec`);
}

async function ensureNamespace(kube: KubeClient): Promise<void> {
  if (await kube.find(kinds.namespaces, { name: shellNamespace })) return;
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: shellNamespace, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
  };
  await kube.create(kinds.namespaces, namespace).catch((error: unknown) => {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  });
}

async function remove(kube: KubeClient, name: string): Promise<void> {
  await kube
    .delete(kinds.pods, { namespace: shellNamespace, name }, { gracePeriodSeconds: 0 })
    .catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
}

/** Pods whose session has no server any more have ended by their deadline. */
async function removeEnded(kube: KubeClient): Promise<void> {
  const { items } = await kube.list<Pod>(kinds.pods, { namespace: shellNamespace, labelSelector: nodeShellLabel });
  const ended = items.filter(({ status }) => status?.phase === 'Failed' || status?.phase === 'Succeeded');
  for (const { metadata } of ended) await remove(kube, metadata.name);
}

function wait(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(lookEveryMs, resolve);
    signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
  });
}

/** What a pod that does not run yet waits for, in words. */
function waitingFor({ status }: Pod): string {
  const waiting = status?.containerStatuses?.[0]?.state?.waiting;
  const words = [waiting?.reason, waiting?.message].filter(Boolean).join(': ');
  return words === '' ? 'waiting for the node to start the pod' : words;
}

interface Starting {
  readonly name: string;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Resolves when the pod runs; says meanwhile what it waits for. */
async function untilRunning({ kube, clock }: TerminalDeps, { name, say, signal }: Starting): Promise<ShellPlace> {
  const endMs = clock.now() + longestStartMs;
  let said = '';
  for (;;) {
    const pod = await kube.get<Pod>(kinds.pods, { namespace: shellNamespace, name }, { signal });
    if (pod.status?.phase === 'Running') return { namespace: shellNamespace, pod: name, container: 'shell' };
    if (pod.status?.phase === 'Failed') {
      throw new ApiError(
        'ServiceUnavailable',
        `the pod has failed: ${pod.status.message ?? pod.status.reason ?? 'the node does not say why'}`,
      );
    }
    const words = waitingFor(pod);
    if (clock.now() > endMs) throw new ApiError('Timeout', `the pod does not start: ${words}`);
    if (words !== said) say(words);
    said = words;
    await wait(clock, signal);
    signal.throwIfAborted();
  }
}

/**
 * A shell on a node (terminal.kubesphere.io v1alpha2). Each session has a pod of its own, which goes with it. A simulated
 * node has nothing to step into: there the shell is the pod's, and says so.
 */
export async function nodeTerminal(
  deps: TerminalDeps,
  connection: RawConnection & { readonly context: RawContext },
): Promise<void> {
  const { kube, nodeShellImage: image = defaultImage } = deps;
  const node = nodeIn(connection.request.url ?? '/');
  const { metadata } = await kube.get(kinds.nodes, { name: node });
  const isSimulated = metadata.labels?.[simulatedMark] === 'true';
  const name = `node-shell-${randomBytes(6).toString('hex')}`;
  const user = connection.context.user.name;
  const place = async (say: Starting['say'], signal: AbortSignal): Promise<ShellPlace> => {
    if (isSimulated) say(`node ${node} is simulated: this is the shell of a pod on it`);
    await ensureNamespace(kube);
    await removeEnded(kube);
    await kube.create(kinds.pods, nodeShellPod({ node, name, image, user }));
    return untilRunning(deps, { name, say, signal });
  };
  deps.log.info('shell on a node', { node, user, requestId: connection.context.requestId });
  const commands = isSimulated ? [['sh']] : nodeCommands;
  await runSession(deps, { commands, place, after: () => remove(kube, name) }, connection);
}
