import type { ContainerSpec, Pod, PodSpec } from '../../reconcile/pod.ts';

type Port = number | string;

export interface HttpAction {
  readonly path?: string;
  readonly port: Port;
  readonly host?: string;
  readonly scheme?: string;
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
}

export interface Action {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: HttpAction;
  readonly tcpSocket?: { readonly port: Port; readonly host?: string };
}

export interface Probe extends Action {
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
  readonly terminationGracePeriodSeconds?: number;
}

export interface Hook extends Action {
  readonly sleep?: { readonly seconds: number };
}

interface SharedSecurity {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly seccompProfile?: { readonly type: string };
}

export interface ContainerSecurity extends SharedSecurity {
  readonly privileged?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

export interface PodSecurity extends SharedSecurity {
  readonly fsGroup?: number;
  readonly supplementalGroups?: readonly number[];
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly readOnly?: boolean;
  readonly mountPropagation?: string;
}

/** A container, as far as an engine runs it. */
export interface EngineContainer extends ContainerSpec {
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: { readonly postStart?: Hook; readonly preStop?: Hook };
  readonly securityContext?: ContainerSecurity;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: string;
  readonly volumeMounts?: readonly VolumeMount[];
  readonly targetContainerName?: string;
}

/** A volume of the sorts that are folders of the machine. */
export interface FolderVolume {
  readonly name: string;
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string | number };
  readonly hostPath?: { readonly path: string; readonly type?: string };
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly ephemeral?: object;
}

interface EnginePodSpec extends PodSpec {
  readonly containers: readonly EngineContainer[];
  readonly initContainers?: readonly EngineContainer[];
  readonly ephemeralContainers?: readonly EngineContainer[];
  readonly securityContext?: PodSecurity;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly shareProcessNamespace?: boolean;
  readonly dnsPolicy?: string;
  readonly dnsConfig?: {
    readonly nameservers?: readonly string[];
    readonly searches?: readonly string[];
    readonly options?: readonly { readonly name: string; readonly value?: string }[];
  };
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
  readonly setHostnameAsFQDN?: boolean;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly activeDeadlineSeconds?: number;
}

/** A pod, as far as an engine runs it; the API server has checked it against its schema. */
export interface EnginePod extends Pod {
  spec: EnginePodSpec;
}

export type Role = 'init' | 'sidecar' | 'main' | 'ephemeral';

export interface PlannedContainer {
  readonly spec: EngineContainer;
  readonly role: Role;
}

/** All containers of a pod: the init steps in their order, then the others. */
export function plannedContainers({ spec }: EnginePod): PlannedContainer[] {
  const inits = (spec.initContainers ?? []).map((one) => ({
    spec: one,
    role: one.restartPolicy === 'Always' ? ('sidecar' as const) : ('init' as const),
  }));
  return [
    ...inits,
    ...spec.containers.map((one) => ({ spec: one, role: 'main' as const })),
    ...(spec.ephemeralContainers ?? []).map((one) => ({ spec: one, role: 'ephemeral' as const })),
  ];
}

const lists: Record<Role, string> = {
  main: 'containers',
  init: 'initContainers',
  sidecar: 'initContainers',
  ephemeral: 'ephemeralContainers',
};

/** Where events about a container point to. */
export function fieldPathOf({ spec, role }: PlannedContainer): string {
  return `spec.${lists[role]}{${spec.name}}`;
}

/** The number of a port that is given by number or by name; undefined for an unknown name. */
export function portNumber(container: ContainerSpec, port: Port): number | undefined {
  if (typeof port === 'number') return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort ?? (Number(port) || undefined);
}
