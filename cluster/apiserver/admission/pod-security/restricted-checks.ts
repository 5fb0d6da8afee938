import { procMount } from './baseline-checks.ts';
import { contextsOf, named, namesOf, quoted, settersOf, sortedSet } from './check.ts';
import type { Check, Violation } from './check.ts';
import { containersOf } from './pod-fields.ts';
import type { Container, PodLike } from './pod-fields.ts';

function escalation(pod: PodLike): Violation | undefined {
  const names = namesOf(pod, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  const detail = `${named('container', names)} must set securityContext.allowPrivilegeEscalation=false`;
  return names.length > 0 ? { reason: 'allowPrivilegeEscalation != false', detail } : undefined;
}

function capabilities(pod: PodLike): Violation | undefined {
  const keeps = ({ securityContext }: Container): boolean => !securityContext?.capabilities?.drop?.includes('ALL');
  const extra = ({ securityContext }: Container): string[] =>
    (securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const keeping = namesOf(pod, keeps);
  const adding = namesOf(pod, (container) => extra(container).length > 0);
  const added = quoted(sortedSet(containersOf(pod.spec).flatMap(extra)));
  const details = [
    ...(keeping.length > 0
      ? [`${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(adding.length > 0
      ? [`${named('container', adding)} must not include ${added} in securityContext.capabilities.add`]
      : []),
  ];
  return details.length > 0 ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined;
}

const volumeTypes = new Set(
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' '),
);

function volumes({ spec }: PodLike): Violation | undefined {
  const bad = (spec.volumes ?? []).flatMap(({ name, ...source }) => {
    const type = Object.keys(source).find((field) => source[field]);
    return type && !volumeTypes.has(type) ? [{ name, type }] : [];
  });
  if (bad.length === 0) return undefined;
  const names = named(
    'volume',
    bad.map(({ name }) => name),
  );
  const types = named('restricted volume type', sortedSet(bad.map(({ type }) => type)));
  return { reason: 'restricted volume types', detail: `${names} ${bad.length === 1 ? 'uses' : 'use'} ${types}` };
}

function nonRoot(pod: PodLike): Violation | undefined {
  const reason = 'runAsNonRoot != true';
  const setters = settersOf(pod, ({ runAsNonRoot }) => runAsNonRoot === false);
  if (setters) return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (pod.spec.securityContext?.runAsNonRoot) return undefined;
  const open = namesOf(pod, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  const detail = `pod or ${named('container', open)} must set securityContext.runAsNonRoot=true`;
  return open.length > 0 ? { reason, detail } : undefined;
}

function user(pod: PodLike): Violation | undefined {
  const setters = settersOf(pod, ({ runAsUser }) => runAsUser === 0);
  return setters ? { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` } : undefined;
}

const seccompTypes = new Set(['RuntimeDefault', 'Localhost']);

function seccomp(pod: PodLike): Violation | undefined {
  const reason = 'seccompProfile';
  const isBad = (type: string | undefined): type is string => type !== undefined && !seccompTypes.has(type);
  const setters = settersOf(pod, ({ seccompProfile }) => isBad(seccompProfile?.type));
  if (setters) {
    const types = sortedSet(
      contextsOf(pod)
        .map(({ seccompProfile }) => seccompProfile?.type)
        .filter(isBad),
    );
    return { reason, detail: `${setters} must not set securityContext.seccompProfile.type to ${quoted(types)}` };
  }
  if (pod.spec.securityContext?.seccompProfile?.type) return undefined;
  const open = namesOf(pod, ({ securityContext }) => !securityContext?.seccompProfile?.type);
  const detail = `pod or ${named('container', open)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
  return open.length > 0 ? { reason, detail } : undefined;
}

const unlessWindows =
  (find: Check['find']): Check['find'] =>
  (pod) =>
    pod.spec.os?.name === 'windows' ? undefined : find(pod);

/** Root inside a pod with users of its own is nobody outside. */
const unlessOwnUsers =
  (find: Check['find']): Check['find'] =>
  (pod) =>
    pod.spec.hostUsers === false ? undefined : find(pod);

/** What the restricted standard demands beyond the baseline. */
export const restrictedChecks: readonly Check[] = [
  { id: 'allowPrivilegeEscalation', since: 8, until: 24, find: escalation },
  { id: 'allowPrivilegeEscalation', since: 25, find: unlessWindows(escalation) },
  {
    id: 'capabilities_restricted',
    since: 22,
    until: 24,
    overrides: ['capabilities_baseline'],
    find: capabilities,
  },
  {
    id: 'capabilities_restricted',
    since: 25,
    overrides: ['capabilities_baseline'],
    find: unlessWindows(capabilities),
  },
  { id: 'procMount_restricted', since: 35, overrides: ['procMount'], find: procMount },
  { id: 'restrictedVolumes', since: 0, overrides: ['hostPathVolumes'], find: volumes },
  { id: 'runAsNonRoot', since: 0, until: 34, find: nonRoot },
  { id: 'runAsNonRoot', since: 35, find: unlessOwnUsers(nonRoot) },
  { id: 'runAsUser', since: 23, until: 34, find: user },
  { id: 'runAsUser', since: 35, find: unlessOwnUsers(user) },
  { id: 'seccompProfile_restricted', since: 19, until: 24, overrides: ['seccompProfile_baseline'], find: seccomp },
  { id: 'seccompProfile_restricted', since: 25, overrides: ['seccompProfile_baseline'], find: unlessWindows(seccomp) },
];
