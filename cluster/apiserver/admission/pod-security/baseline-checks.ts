import { contextsOf, named, namesOf, quoted, settersOf, sortedSet } from './check.ts';
import type { Check, Violation } from './check.ts';
import { containersOf } from './pod-fields.ts';
import type { Container, PodLike, SecurityContext } from './pod-fields.ts';

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

const isGoodAppArmor = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

function appArmor(pod: PodLike): Violation | undefined {
  const forbids = ({ appArmorProfile }: SecurityContext): boolean => appArmorProfile?.type === 'Unconfined';
  const annotations = Object.entries(pod.annotations)
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isGoodAppArmor(value))
    .map(([key, value]) => `${key}="${value}"`);
  const contexts = settersOf(pod, forbids);
  const setters = [
    ...(contexts ? [contexts] : []),
    ...(annotations.length > 0 ? [`annotation${annotations.length === 1 ? '' : 's'}`] : []),
  ];
  if (setters.length === 0) return undefined;
  const values = [...(contexts ? ['Unconfined'] : []), ...annotations.sort()];
  const detail = `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`;
  const one = values.length === 1 ? 'profile' : 'profiles';
  return { reason: `forbidden AppArmor ${one}`, detail };
}

const defaultCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

function capabilities(pod: PodLike): Violation | undefined {
  const extra = ({ securityContext }: Container): string[] =>
    (securityContext?.capabilities?.add ?? []).filter((name) => !defaultCapabilities.has(name));
  const names = namesOf(pod, (container) => extra(container).length > 0);
  if (names.length === 0) return undefined;
  const added = sortedSet(containersOf(pod.spec).flatMap(extra));
  const detail = `${named('container', names)} must not include ${quoted(added)} in securityContext.capabilities.add`;
  return { reason: 'non-default capabilities', detail };
}

function hostNamespaces({ spec }: PodLike): Violation | undefined {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => spec[name]);
  if (shared.length === 0) return undefined;
  return { reason: 'host namespaces', detail: shared.map((name) => `${name}=true`).join(', ') };
}

function hostPath({ spec }: PodLike): Violation | undefined {
  const names = (spec.volumes ?? []).filter((volume) => volume['hostPath']).map(({ name }) => name);
  return names.length > 0 ? { reason: 'hostPath volumes', detail: named('volume', names) } : undefined;
}

function hostPorts(pod: PodLike): Violation | undefined {
  const ports = ({ ports }: Container): string[] =>
    (ports ?? []).flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const names = namesOf(pod, (container) => ports(container).length > 0);
  if (names.length === 0) return undefined;
  const used = sortedSet(containersOf(pod.spec).flatMap(ports));
  const verb = names.length === 1 ? 'uses' : 'use';
  const list = `hostPort${used.length === 1 ? '' : 's'} ${used.join(', ')}`;
  return { reason: 'hostPort', detail: `${named('container', names)} ${verb} ${list}` };
}

function probedHosts({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers
    .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
    .flatMap((host) => host || []);
}

function hostProbes(pod: PodLike): Violation | undefined {
  const names = namesOf(pod, (container) => probedHosts(container).length > 0);
  if (names.length === 0) return undefined;
  const hosts = sortedSet(containersOf(pod.spec).flatMap(probedHosts));
  const verb = names.length === 1 ? 'uses' : 'use';
  const detail = `${named('container', names)} ${verb} ${named('probe or lifecycle host', hosts)}`;
  return { reason: 'probe or lifecycle host', detail };
}

function privileged(pod: PodLike): Violation | undefined {
  const names = namesOf(pod, ({ securityContext }) => securityContext?.privileged === true);
  if (names.length === 0) return undefined;
  return { reason: 'privileged', detail: `${named('container', names)} must not set securityContext.privileged=true` };
}

/** Whether a process sees all of `/proc`. */
export function procMount(pod: PodLike): Violation | undefined {
  const other = ({ securityContext }: Container): string[] => {
    const mount = securityContext?.procMount;
    return mount === undefined || mount === 'Default' ? [] : [mount];
  };
  const names = namesOf(pod, (container) => other(container).length > 0);
  if (names.length === 0) return undefined;
  const mounts = sortedSet(containersOf(pod.spec).flatMap(other));
  const detail = `${named('container', names)} must not set securityContext.procMount to ${quoted(mounts)}`;
  return { reason: 'procMount', detail };
}

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

function seLinux(types: ReadonlySet<string>): Check['find'] {
  return (pod) => {
    const options = contextsOf(pod).flatMap(({ seLinuxOptions }) => seLinuxOptions ?? []);
    const bad = sortedSet(options.flatMap(({ type = '' }) => (types.has(type) ? [] : [type])));
    const setters = settersOf(pod, ({ seLinuxOptions: own }) => {
      return own !== undefined && Boolean(!types.has(own.type ?? '') || own.user || own.role);
    });
    if (!setters) return undefined;
    const parts = [
      ...(bad.length > 0 ? [named('type', bad)] : []),
      ...(options.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(options.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    const detail = `${setters} set forbidden securityContext.seLinuxOptions: ${parts.join('; ')}`;
    return { reason: 'seLinuxOptions', detail };
  };
}

function seccomp(pod: PodLike): Violation | undefined {
  const setters = settersOf(pod, ({ seccompProfile }) => seccompProfile?.type === 'Unconfined');
  const detail = `${setters ?? ''} must not set securityContext.seccompProfile.type to "Unconfined"`;
  return setters ? { reason: 'seccompProfile', detail } : undefined;
}

const isGoodSeccomp = (value: string): boolean =>
  value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');

/** Before there was a field, the profile was an annotation. */
function seccompAnnotations({ annotations, spec }: PodLike): Violation | undefined {
  const keys = [
    'seccomp.security.alpha.kubernetes.io/pod',
    ...containersOf(spec).map(({ name }) => `container.seccomp.security.alpha.kubernetes.io/${name}`),
  ];
  const bad = keys.filter((key) => annotations[key] !== undefined && !isGoodSeccomp(annotations[key] ?? ''));
  if (bad.length === 0) return undefined;
  const values = sortedSet(bad.map((key) => `${key}="${annotations[key] ?? ''}"`));
  return {
    reason: 'seccompProfile',
    detail: `forbidden annotation${values.length === 1 ? '' : 's'} ${values.join(', ')}`,
  };
}

/** Settings of the kernel that are a pod's own, by the version they became so. */
const sysctlGroups: readonly (readonly [since: number, names: readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
];

function sysctls(version: number): Check['find'] {
  const known = new Set(sysctlGroups.flatMap(([since, names]) => (since <= version ? names : [])));
  return ({ spec }) => {
    const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !known.has(name));
    return bad.length > 0 ? { reason: 'forbidden sysctls', detail: bad.join(', ') } : undefined;
  };
}

function hostProcess(pod: PodLike): Violation | undefined {
  const setters = settersOf(pod, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  const detail = `${setters ?? ''} must not set securityContext.windowsOptions.hostProcess=true`;
  return setters ? { reason: 'hostProcess', detail } : undefined;
}

/** With users of its own a pod does no harm by seeing all of `/proc`. */
const unlessOwnUsers =
  (find: Check['find']): Check['find'] =>
  (pod) =>
    pod.spec.hostUsers === false ? undefined : find(pod);

/** The rules of the baseline standard. */
export const baselineChecks: readonly Check[] = [
  { id: 'appArmorProfile', since: 0, find: appArmor },
  { id: 'capabilities_baseline', since: 0, find: capabilities },
  { id: 'hostNamespaces', since: 0, find: hostNamespaces },
  { id: 'hostPathVolumes', since: 0, find: hostPath },
  { id: 'hostPorts', since: 0, find: hostPorts },
  { id: 'hostProbesAndHostLifecycle', since: 34, find: hostProbes },
  { id: 'privileged', since: 0, find: privileged },
  { id: 'procMount', since: 0, until: 34, find: procMount },
  { id: 'procMount', since: 35, find: unlessOwnUsers(procMount) },
  { id: 'seLinuxOptions', since: 0, until: 30, find: seLinux(new Set(seLinuxTypes)) },
  { id: 'seLinuxOptions', since: 31, find: seLinux(new Set([...seLinuxTypes, 'container_engine_t'])) },
  { id: 'seccompProfile_baseline', since: 0, until: 18, find: seccompAnnotations },
  { id: 'seccompProfile_baseline', since: 19, find: seccomp },
  { id: 'sysctls', since: 0, until: 26, find: sysctls(0) },
  { id: 'sysctls', since: 27, until: 28, find: sysctls(27) },
  { id: 'sysctls', since: 29, until: 31, find: sysctls(29) },
  { id: 'sysctls', since: 32, find: sysctls(32) },
  { id: 'windowsHostProcess', since: 0, find: hostProcess },
];
