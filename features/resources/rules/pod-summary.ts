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
export function envSource({ value, valueFrom }: EnvVar): EnvSource {
  if (valueFrom?.configMapKeyRef)
    return { from: 'configMap', object: valueFrom.configMapKeyRef.name ?? '', key: valueFrom.configMapKeyRef.key };
  if (valueFrom?.secretKeyRef)
    return { from: 'secret', object: valueFrom.secretKeyRef.name ?? '', key: valueFrom.secretKeyRef.key };
  const path = valueFrom?.fieldRef?.fieldPath ?? valueFrom?.resourceFieldRef?.resource;
  return path === undefined ? { from: 'value', value: value ?? '' } : { from: 'field', path };
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

function sourceOf(volume: Volume | undefined, name: string): Pick<MountLine, 'kind' | 'source'> {
  if (volume?.configMap) return { kind: 'configMap', source: volume.configMap.name ?? name };
  if (volume?.secret) return { kind: 'secret', source: volume.secret.secretName ?? name };
  if (volume?.persistentVolumeClaim) return { kind: 'claim', source: volume.persistentVolumeClaim.claimName };
  if (volume?.hostPath) return { kind: 'hostPath', source: volume.hostPath.path };
  if (volume?.emptyDir) return { kind: 'emptyDir', source: name };
  if (volume?.projected) return { kind: 'projected', source: name };
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
