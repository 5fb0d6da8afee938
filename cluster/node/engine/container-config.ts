import { quantity } from '../../reconcile/quantity.ts';
import { containerLabels, sandboxName } from './engine-containers.ts';
import type { ContainerSecurity, EngineContainer, EnginePod, PodSecurity } from './engine-pod.ts';
import type { Engine } from './find-engine.ts';
import { pauseImage } from './pause-image.ts';

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation?: string;
}

export interface ContainerPlan {
  readonly engine: Engine;
  readonly pod: EnginePod;
  readonly container: EngineContainer;
  readonly attempt: number;
  readonly sandboxId: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly mounts: readonly Mount[];
  /** Of an ephemeral container: the one whose processes it sees. */
  readonly targetId?: string;
}

interface EngineConfig {
  readonly Labels: Record<string, string>;
  readonly [field: string]: unknown;
}

/** `$(NAME)` becomes the value of a variable; `$$(NAME)` is written `$(NAME)`, and an unknown one stays. */
export function withVariables(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (known.get(name) ?? whole),
  );
}

/** A name nobody else has, from which people see whose container it is. */
export function containerName({ metadata }: EnginePod, container: string, attempt: number): string {
  return ['k8s', container, metadata.name, metadata.namespace, metadata.uid, attempt].join('_');
}

function labelsOf({ metadata }: EnginePod, name: string, attempt: number): Record<string, string> {
  return {
    [containerLabels.podUid]: metadata.uid ?? '',
    [containerLabels.podName]: metadata.name,
    [containerLabels.podNamespace]: metadata.namespace ?? '',
    [containerLabels.name]: name,
    [containerLabels.attempt]: String(attempt),
  };
}

/** What the machine gives a container: only what the engine can enforce here is asked for. */
export function resourceConfig(
  { resources = {} }: EngineContainer,
  { info }: Pick<Engine, 'info'>,
): Record<string, number> {
  const { requests = {}, limits = {} } = resources;
  const memory = Math.floor(quantity(limits['memory']));
  return {
    ...(info.MemoryLimit && memory > 0 && { Memory: memory, ...(info.SwapLimit && { MemorySwap: memory }) }),
    ...(info.CPUShares && { CpuShares: sharesOf(quantity(requests['cpu'] ?? limits['cpu'])) }),
    ...(info.CpuCfsQuota && quotaOf(quantity(limits['cpu']))),
  };
}

/** Whom the kernel ends first when memory runs out. A machine may refuse to protect anybody: that is not asked for. */
export function killOrder(
  { status }: EnginePod,
  { resources }: EngineContainer,
  { info }: Pick<Engine, 'info'>,
): Record<string, number> {
  const { qosClass } = (status ?? {}) as { qosClass?: string }; // the API server writes it
  if (qosClass === 'Guaranteed') return {};
  if (qosClass === 'BestEffort') return { OomScoreAdj: 1000 };
  const share = quantity(resources?.requests?.['memory']) / info.MemTotal;
  return { OomScoreAdj: Math.min(999, Math.max(2, Math.floor(1000 - 1000 * share))) };
}

const sharesOf = (cpu: number): number => Math.min(262_144, Math.max(2, Math.floor(cpu * 1024)));

function quotaOf(cpu: number): Record<string, number> {
  return cpu > 0 ? { CpuPeriod: 100_000, CpuQuota: Math.max(1_000, Math.round(cpu * 100_000)) } : {};
}

/** The user a container runs as, in the engine's form; undefined: the image's own. */
export function userOf(pod: EnginePod, container: EngineContainer): string | undefined {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const user = own.runAsUser ?? shared.runAsUser;
  const group = own.runAsGroup ?? shared.runAsGroup;
  if (user === undefined) return group === undefined ? undefined : `0:${group}`;
  return group === undefined ? String(user) : `${user}:${group}`;
}

function securityOptions(own: ContainerSecurity, shared: PodSecurity): string[] {
  const seccomp = own.seccompProfile?.type ?? shared.seccompProfile?.type ?? 'Unconfined';
  return [
    ...(own.allowPrivilegeEscalation === false ? ['no-new-privileges'] : []),
    ...(seccomp === 'Unconfined' ? ['seccomp=unconfined'] : []),
  ];
}

function groupsOf({ supplementalGroups = [], fsGroup }: PodSecurity): string[] {
  return [...supplementalGroups, ...(fsGroup === undefined ? [] : [fsGroup])].map(String);
}

function securityConfig(pod: EnginePod, container: EngineContainer): Record<string, unknown> {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const { add = [], drop = [] } = own.capabilities ?? {};
  return {
    Privileged: own.privileged === true,
    ReadonlyRootfs: own.readOnlyRootFilesystem === true,
    CapAdd: add,
    CapDrop: drop,
    SecurityOpt: securityOptions(own, shared),
    GroupAdd: groupsOf(shared),
  };
}

function processNamespace({ pod, sandboxId, targetId }: ContainerPlan): string {
  if (pod.spec.hostPID) return 'host';
  if (pod.spec.shareProcessNamespace) return `container:${sandboxId}`;
  return targetId ? `container:${targetId}` : '';
}

function hostConfig(plan: ContainerPlan): Record<string, unknown> {
  const { pod, container, engine, sandboxId, mounts } = plan;
  const inSandbox = `container:${sandboxId}`;
  return {
    NetworkMode: pod.spec.hostNetwork ? 'host' : inSandbox,
    IpcMode: pod.spec.hostIPC ? 'host' : inSandbox,
    PidMode: processNamespace(plan),
    // Docker gives the host name along with the network, Podman with the namespace it is kept in.
    ...(engine.isPodman && !pod.spec.hostNetwork && { UTSMode: inSandbox }),
    Mounts: mounts.map(({ source, target, readOnly, propagation }) => ({
      Type: 'bind',
      Source: source,
      Target: target,
      ReadOnly: readOnly,
      ...(propagation && { BindOptions: { Propagation: propagation } }),
    })),
    ...securityConfig(pod, container),
    ...resourceConfig(container, engine),
    ...killOrder(pod, container, engine),
  };
}

/** What an engine is told to make of a container of a pod. */
export function containerConfig(plan: ContainerPlan): EngineConfig {
  const { pod, container, attempt, environment } = plan;
  const expand = (texts: readonly string[]): string[] => texts.map((text) => withVariables(text, environment));
  const user = userOf(pod, container);
  return {
    Image: container.image ?? '',
    Labels: labelsOf(pod, container.name, attempt),
    Env: [...new Map([['HOSTNAME', hostnameOf(pod)], ...environment])].map(([name, value]) => `${name}=${value}`),
    ...(container.command?.length && { Entrypoint: expand(container.command) }),
    ...(container.args?.length && { Cmd: expand(container.args) }),
    ...(container.workingDir && { WorkingDir: container.workingDir }),
    ...(user !== undefined && { User: user }),
    Tty: container.tty === true,
    OpenStdin: container.stdin === true,
    StdinOnce: container.stdinOnce === true,
    HostConfig: hostConfig(plan),
  };
}

function portBindings({ spec }: EnginePod): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  const ports = [...spec.containers, ...(spec.initContainers ?? [])].flatMap((one) => one.ports ?? []);
  for (const { containerPort, hostPort, hostIP = '', protocol = 'TCP' } of ports) {
    if (!hostPort) continue;
    const key = `${containerPort}/${protocol.toLowerCase()}`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: hostIP, HostPort: String(hostPort) }];
  }
  return bindings;
}

/** The container that holds a pod's network, and with it its address, while the others come and go. */
export function sandboxConfig(pod: EnginePod, network: string, attempt: number): EngineConfig {
  const { hostNetwork, hostPID, hostIPC, securityContext } = pod.spec;
  const bindings = hostNetwork ? {} : portBindings(pod);
  return {
    Image: pauseImage,
    Labels: labelsOf(pod, sandboxName, attempt),
    ...(!hostNetwork && { Hostname: hostnameOf(pod) }),
    ExposedPorts: Object.fromEntries(Object.keys(bindings).map((port) => [port, {}])),
    HostConfig: {
      NetworkMode: hostNetwork ? 'host' : network,
      IpcMode: hostIPC ? 'host' : 'shareable',
      PidMode: hostPID ? 'host' : '',
      PortBindings: bindings,
      Sysctls: Object.fromEntries((securityContext?.sysctls ?? []).map(({ name, value }) => [name, value])),
    },
  };
}

/** The pod's own host name, of which a kernel takes 63 characters. */
export function hostnameOf({ metadata, spec }: EnginePod): string {
  return (spec.hostname ?? metadata.name).slice(0, 63).replace(/[-.]+$/, '');
}
