import { ApiError } from '@kit/base';
import type { RawConnection, RawContext } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import { shellsToTry } from '../../rules/shells.ts';
import type { TerminalDeps } from '../ports.ts';
import { placeOf } from '../pod-path.ts';
import { runSession, type ShellPlace } from './terminal-session.ts';

interface Pod extends KubeObject {
  spec?: { containers?: readonly { readonly name: string }[] };
}

/** The container that is named, or else the pod's first. */
export async function containerOf(
  { kube }: Pick<TerminalDeps, 'kube'>,
  { namespace, pod, container }: { namespace: string; pod: string; container: string | undefined },
): Promise<ShellPlace> {
  if (container) return { namespace, pod, container };
  const { spec } = await kube.get<Pod>(kinds.pods, { namespace, name: pod });
  const first = spec?.containers?.[0]?.name;
  if (first === undefined) throw new ApiError('NotFound', `pod "${pod}" has no containers`);
  return { namespace, pod, container: first };
}

/** A shell in a container of a pod (terminal.kubesphere.io v1alpha2). */
export async function podTerminal(
  deps: TerminalDeps,
  connection: RawConnection & { readonly context: RawContext },
): Promise<void> {
  const at = placeOf(connection.request.url ?? '/', 'exec');
  const { namespace, pod } = at;
  const container = at.params.get('container') ?? undefined;
  const shell = at.params.get('shell') ?? undefined;
  const place = await containerOf(deps, { namespace, pod, container });
  await runSession(
    deps,
    { commands: shellsToTry(shell).map((name) => [name]), place: () => Promise.resolve(place) },
    connection,
  );
}
