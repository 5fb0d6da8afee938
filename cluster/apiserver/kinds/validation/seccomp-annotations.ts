import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';
import { forbidden, invalid } from './cause.ts';

export const seccompOfPod = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompOfContainer = 'container.seccomp.security.alpha.kubernetes.io/';

const types: Readonly<Record<string, string>> = {
  'runtime/default': 'RuntimeDefault',
  'docker/default': 'RuntimeDefault',
  unconfined: 'Unconfined',
};
const ofNode = 'localhost/';

function validateProfile(profile: string, field: string): Cause[] {
  if (types[profile]) return [];
  if (!profile.startsWith(ofNode)) return [invalid(field, profile, 'must be a valid seccomp profile')];
  const path = profile.slice(ofNode.length);
  if (path.startsWith('/')) return [invalid(field, path, 'must be a relative path')];
  return path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : [];
}

/** Annotations do nothing any more; where there is a field too, both must say the same. */
function validateMatch(profile: string | undefined, context: unknown, field: string): Cause[] {
  const said = record(fieldsIn(context)['seccompProfile']);
  if (profile === undefined || !said) return [];
  const path = `${field}.securityContext.seccompProfile`;
  const type = types[profile] ?? (profile.startsWith(ofNode) ? 'Localhost' : undefined);
  if (type !== optionalText(said['type']))
    return [forbidden(`${path}.type`, 'seccomp type in annotation and field must match')];
  if (type !== 'Localhost' || profile.slice(ofNode.length) === optionalText(said['localhostProfile'])) return [];
  return [forbidden(`${path}.localhostProfile`, 'seccomp profile in annotation and field must match')];
}

/** What is wrong with the seccomp profiles that annotations of a pod, or of a template, name. */
export function validateSeccompAnnotations(annotations: JsonObject, field: string): Cause[] {
  const named = Object.keys(annotations)
    .filter((key) => key.startsWith(seccompOfContainer))
    .sort();
  return [seccompOfPod, ...named].flatMap((key) => {
    const profile = annotations[key];
    return typeof profile === 'string' ? validateProfile(profile, `${field}.${key}`) : [];
  });
}

/** Where annotations and the fields of a pod spec name different profiles. */
export function validateSeccompMatch(annotations: JsonObject, spec: JsonObject, field: string): Cause[] {
  const profileOf = (key: string): string | undefined => {
    const profile = annotations[key];
    return typeof profile === 'string' ? profile : undefined;
  };
  return [
    ...validateMatch(profileOf(seccompOfPod), spec['securityContext'], field),
    ...['initContainers', 'containers'].flatMap((list) =>
      items(spec[list]).flatMap(({ name, securityContext }, index) =>
        validateMatch(
          profileOf(seccompOfContainer + optionalText(name)),
          securityContext,
          `${field}.${list}[${index}]`,
        ),
      ),
    ),
  ];
}
