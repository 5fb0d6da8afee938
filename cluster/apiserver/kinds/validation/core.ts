import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { parseJson } from '../../codec/parse-json.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { record, textOf, texts } from '../rules/set-default.ts';
import { at, forbidden, invalid, required, tooLong } from './cause.ts';
import { configMapKey, qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';

const maxBytes = 1024 * 1024;

function validateKeys(object: ClusterObject, field: string): Cause[] {
  return Object.keys(record(object[field]) ?? {}).flatMap((key) => checkFormat(at(field, key), key, configMapKey));
}

function sizeOf(value: unknown): number {
  return Object.values(record(value) ?? {}).reduce<number>((sum, item) => sum + Buffer.byteLength(textOf(item)), 0);
}

export function validateConfigMap(object: ClusterObject): Cause[] {
  const data = record(object['data']) ?? {};
  const both = Object.keys(record(object['binaryData']) ?? {}).filter((key) => data[key] !== undefined);
  return [
    ...validateKeys(object, 'data'),
    ...both.map((key) => invalid(at('data', key), key, 'duplicate of key present in binaryData')),
    ...validateKeys(object, 'binaryData'),
    ...(sizeOf(data) + sizeOf(object['binaryData']) > maxBytes ? [tooLong('[]', maxBytes)] : []),
  ];
}

/** Keys a secret of a type must have. */
const secretNeeds: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};
const accountAnnotation = 'kubernetes.io/service-account.name';

export function validateSecret(object: ClusterObject): Cause[] {
  const data = record(object['data']) ?? {};
  const type = textOf(object['type'] ?? '');
  const missing = (secretNeeds[type] ?? []).filter(
    (key) => data[key] === undefined || (key === 'ssh-privatekey' && !data[key]),
  );
  return [
    ...validateKeys(object, 'data'),
    ...(sizeOf(data) > (maxBytes * 4) / 3 ? [tooLong('data', maxBytes)] : []),
    ...missing.map((key) => required(at('data', key))),
    ...validateSecretType(object, type, data),
    ...(type.startsWith('kubernetes.io/dockerc') && missing.length === 0
      ? validateSecretJson(data, secretNeeds[type]?.[0] ?? '')
      : []),
  ];
}

function validateSecretType(object: ClusterObject, type: string, data: JsonObject): Cause[] {
  if (type === 'kubernetes.io/service-account-token') {
    const named = object.metadata.annotations?.[accountAnnotation];
    return named ? [] : [required(at('metadata.annotations', accountAnnotation))];
  }
  const needsOne =
    type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined;
  return needsOne ? [required(at('data', 'username')), required(at('data', 'password'))] : [];
}

function validateSecretJson(data: JsonObject, key: string): Cause[] {
  try {
    parseJson(Buffer.from(textOf(data[key]), 'base64').toString());
    return [];
  } catch (error) {
    return [invalid(at('data', key), '<secret contents redacted>', (error as Error).message)]; // `parseJson` throws errors
  }
}

/** `immutable: true` is for ever, and so is the content from then on. */
export function validateImmutable(next: ClusterObject, old: ClusterObject): Cause[] {
  if (old['immutable'] !== true) return [];
  const causes =
    next['immutable'] === true ? [] : [forbidden('immutable', 'field is immutable when `immutable` is set')];
  for (const field of ['data', 'binaryData']) {
    if (!isDeepStrictEqual(next[field], old[field]))
      causes.push(forbidden(field, 'field is immutable when `immutable` is set'));
  }
  return causes;
}

export function validateSecretUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const type = next['type'] === old['type'] ? [] : [invalid('type', next['type'], 'field is immutable')];
  return [...type, ...validateImmutable(next, old)];
}

const ownFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** What a namespace waits for in its spec: one of Kubernetes' own finalizers, or one with a domain. */
export function validateNamespace(namespace: ClusterObject): Cause[] {
  return texts(record(namespace['spec'])?.['finalizers']).flatMap((name) => {
    const causes = checkFormat('spec.finalizers', name, qualifiedName);
    const known = name.includes('/') || ownFinalizers.has(name);
    const note = 'name is neither a standard finalizer name nor is it fully qualified';
    return known ? causes : [...causes, invalid('spec.finalizers', name, note)];
  });
}
