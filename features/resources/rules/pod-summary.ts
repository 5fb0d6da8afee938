import type { Container, EnvVar, Pod, PodSpec, Probe, Volume } from './workload-types.ts';

/** The mark by which the embedded Kubernetes tells a pod that is only played from one that runs. */
const simulatedMark = 'node.cluster.local/simulated';

/** True when the pod's containers, logs and figures are played by a simulated node. */
export function isSimulated(pod: Pod): boolean {
  return pod.metadata.annotations?.[simulatedMark] === 'true';
}

export interface PodSummary {
  readonly ready: number;
  readonly containers: number;
  readonly restarts: number;
  /** End of the last container that ended, as a timestamp. */
  readonly lastRestart?: string;
  readonly simulated: boolean;
}

/** The figures a row about a pod shows. */
export function podSummary(pod: Pod): PodSummary {
  const statuses = pod.status?.containerStatuses ?? [];
  const ends = statuses.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []).sort();
  const lastRestart = ends.at(-1);
  return {
    ready: statuses.filter(({ ready }) => ready).length,
    containers: pod.spec?.containers?.length ?? statuses.length,
    restarts: statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    simulated: isSimulated(pod),
    ...(lastRestart === undefined ? {} : { lastRestart }),
  };
}

/** Where an environment variable's value comes from; a secret's value is never shown, only its origin. */
export type EnvSource =
  | { readonly from: 'value'; readonly value: string }
  | { readonly from: 'configMap' | 'secret'; readonly object: string; readonly key: string }
  | { readonly from: 'field'; readonly path: string };

/** Reads one variable as people say it. */
export function envSource({ value = '', valueFrom = {} }: EnvVar): EnvSource {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (configMapKeyRef) return { from: 'configMap', object: configMapKeyRef.name ?? '', key: configMapKeyRef.key };
  if (secretKeyRef) return { from: 'secret', object: secretKeyRef.name ?? '', key: secretKeyRef.key };
  if (fieldRef) return { from: 'field', path: fieldRef.fieldPath };
  return resourceFieldRef ? { from: 'field', path: resourceFieldRef.resource } : { from: 'value', value };
}

/** `GET :8080/healthz`, `TCP :5432`, `cat /tmp/ready`: one line for a probe. */
export function probeLine(probe: Probe): string {
  if (probe.httpGet)
    return `${probe.httpGet.scheme === 'HTTPS' ? 'HTTPS ' : ''}GET :${probe.httpGet.port}${probe.httpGet.path ?? '/'}`;
  if (probe.tcpSocket) return `TCP :${probe.tcpSocket.port}`;
  if (probe.grpc) return `gRPC :${probe.grpc.port}`;
  return (probe.exec?.command ?? []).join(' ');
}

export type MountKind = 'configMap' | 'secret' | 'claim' | 'emptyDir' | 'hostPath' | 'projected' | 'other';

export interface MountLine {
  readonly path: string;
  readonly kind: MountKind;
  /** The name of the config map, secret or claim; the volume's own for the others. */
  readonly source: string;
  readonly readOnly: boolean;
}

type Source = Pick<MountLine, 'kind' | 'source'>;

/** For each kind of volume, what stands behind it; nothing when the volume is of another kind. */
const volumeReaders: readonly ((
  volume: Volume,
) => { readonly kind: MountKind; readonly source?: string } | undefined)[] = [
  ({ configMap }) => configMap && { kind: 'configMap', source: configMap.name },
  ({ secret }) => secret && { kind: 'secret', source: secret.secretName },
  ({ persistentVolumeClaim: claim }) => claim && { kind: 'claim', source: claim.claimName },
  ({ hostPath }) => hostPath && { kind: 'hostPath', source: hostPath.path },
  ({ emptyDir }) => emptyDir && { kind: 'emptyDir' },
  ({ projected }) => projected && { kind: 'projected' },
];

function sourceOf(volume: Volume | undefined, name: string): Source {
  for (const read of volume ? volumeReaders : []) {
    const known = volume && read(volume);
    if (known) return { kind: known.kind, source: known.source ?? name };
  }
  return { kind: 'other', source: name };
}

/** What a container sees where: mounts joined with the volumes behind them, the platform's own token left out. */
export function mountLines(container: Container, spec: PodSpec | undefined): MountLine[] {
  return (container.volumeMounts ?? [])
    .filter(({ mountPath }) => mountPath !== '/var/run/secrets/kubernetes.io/serviceaccount')
    .map(({ name, mountPath, readOnly = false }) => ({
      path: mountPath,
      readOnly,
      ...sourceOf(
        spec?.volumes?.find((volume) => volume.name === name),
        name,
      ),
    }));
}
