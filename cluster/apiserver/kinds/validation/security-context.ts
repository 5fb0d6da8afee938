import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { optionalText, record } from '../rules/set-default.ts';
import { at, duplicate, eachItem, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';

const maxId = 2_147_483_647;
const idNote = `must be between 0 and ${maxId}, inclusive`;

function validateId(id: unknown, field: string): Cause[] {
  const wrong = typeof id === 'number' && (id < 0 || id > maxId);
  return wrong ? [invalid(field, id, idNote)] : [];
}

/** What is wrong with the security context of a container. */
export function validateContainerSecurity(context: JsonObject | undefined, field: string): Cause[] {
  if (!context) return [];
  const { privileged, allowPrivilegeEscalation: escalation, capabilities } = context;
  const added = record(capabilities)?.['add'];
  const admin = Array.isArray(added) && added.some((name) => name === 'CAP_SYS_ADMIN' || name === 'SYS_ADMIN');
  const refused = escalation === false;
  return [
    ...['runAsUser', 'runAsGroup'].flatMap((name) => validateId(context[name], `${field}.${name}`)),
    ...validateChoice(context, 'procMount', { field, supported: ['Default', 'Unmasked'] }),
    ...validateProfile(record(context['seccompProfile']), 'seccomp', `${field}.seccompProfile`),
    ...validateProfile(record(context['appArmorProfile']), 'AppArmor', `${field}.appArmorProfile`),
    ...(refused && privileged === true
      ? [invalid(field, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true')]
      : []),
    ...(refused && admin
      ? [invalid(field, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN')]
      : []),
  ];
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** A profile the kernel enforces: one of the node needs its path, others have none. */
function validateProfile(profile: JsonObject | undefined, what: string, field: string): Cause[] {
  if (!profile) return [];
  const type = optionalText(profile['type']);
  const path = profile['localhostProfile'];
  const causes: Cause[] = [];
  const member = what === 'seccomp' ? 'seccompProfile' : 'appArmorProfile';
  if (type === '') causes.push(required(`${field}.type`, `type is required when ${member} is set`));
  else if (!profileTypes.includes(type)) causes.push(notSupported(`${field}.type`, type, profileTypes));
  const pathField = `${field}.localhostProfile`;
  if (type === 'Localhost' && path === undefined)
    return [...causes, required(pathField, `must be set when ${what} type is Localhost`)];
  if (type !== 'Localhost' && path !== undefined) {
    const shown = { Type: type, LocalhostProfile: path };
    causes.push(invalid(pathField, shown, `can only be set when ${what} type is Localhost`));
  }
  return causes;
}

const sysctl = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const sysctlNote =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

function validateSysctls(list: unknown, field: string): Cause[] {
  const names = new Set<string>();
  return eachItem(list, field, (item, path) => {
    const name = optionalText(item['name']);
    const causes: Cause[] = [];
    if (!name) causes.push(required(`${path}.name`));
    else if (name.length > 253 || !sysctl.test(name)) causes.push(invalid(`${path}.name`, name, sysctlNote));
    else if (names.has(name)) causes.push(duplicate(`${path}.name`, name));
    names.add(name);
    return causes;
  });
}

/** What is wrong with the security context of a pod. */
export function validatePodSecurity(context: JsonObject | undefined, field: string): Cause[] {
  if (!context) return [];
  const groups = Array.isArray(context['supplementalGroups']) ? context['supplementalGroups'] : [];
  return [
    ...['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((name) => validateId(context[name], `${field}.${name}`)),
    ...groups.flatMap((group, index) => validateId(group, at(`${field}.supplementalGroups`, index))),
    ...validateSysctls(context['sysctls'], `${field}.sysctls`),
    ...validateChoice(context, 'fsGroupChangePolicy', { field, supported: ['Always', 'OnRootMismatch'] }),
    ...validateChoice(context, 'supplementalGroupsPolicy', { field, supported: ['Merge', 'Strict'] }),
    ...validateProfile(record(context['seccompProfile']), 'seccomp', `${field}.seccompProfile`),
    ...validateProfile(record(context['appArmorProfile']), 'AppArmor', `${field}.appArmorProfile`),
  ];
}
