import type { ClusterObject } from '../../client.ts';
import { admitUnstored } from '../store/admission-attempt.ts';
import type { Caller, StoreDeps, Target } from '../store/write-request.ts';

const isTrue = (query: URLSearchParams, name: string): boolean => query.get(name) === 'true' || query.get(name) === '1';

const flags = ['stdin', 'stdout', 'stderr', 'tty'] as const;

function commandOptions(query: URLSearchParams): Record<string, unknown> {
  const container = query.get('container');
  const command = query.getAll('command');
  return {
    ...Object.fromEntries(flags.filter((name) => isTrue(query, name)).map((name) => [name, true])),
    ...(container && { container }),
    ...(command.length > 0 && { command }),
  };
}

const parts: Readonly<Record<string, { kind: string; options(query: URLSearchParams): Record<string, unknown> }>> = {
  exec: { kind: 'PodExecOptions', options: commandOptions },
  attach: { kind: 'PodAttachOptions', options: commandOptions },
  portforward: {
    kind: 'PodPortForwardOptions',
    options: (query) => {
      const ports = query.getAll('ports').flatMap((text) => text.split(',').map(Number));
      return ports.length > 0 ? { ports } : {};
    },
  },
};

/** Admission of a connection to a part of a pod, node or service: what it is asked for is the object. */
export async function admitConnection(
  deps: Pick<StoreDeps, 'admission'>,
  target: Target,
  request: { query: URLSearchParams; caller: Caller; warnings: string[]; path?: string },
): Promise<void> {
  const { query, caller, warnings, path } = request;
  const part = parts[target.subresource ?? ''];
  const kind = part?.kind ?? `${target.kind.kind}ProxyOptions`;
  const options = part ? part.options(query) : { ...(path && { path }) };
  const object = { kind, apiVersion: 'v1', ...options } as unknown as ClusterObject; // has its metadata in a moment
  // Options have no metadata; rules that look for a name find none, and nobody is shown it.
  Object.defineProperty(object, 'metadata', { value: {}, enumerable: false });
  await admitUnstored(deps, target, {
    operation: 'CONNECT',
    object,
    objectKind: { group: '', version: 'v1', kind },
    context: { caller, warnings, dryRun: false, fieldManager: '', fieldValidation: 'Ignore' },
  });
}
