import type { KubeObject } from '@kit/kube';
import type { PodSpec } from './workload-types.ts';

export interface ConfigObject extends KubeObject {
  type?: string;
  data?: Readonly<Record<string, string>>;
  binaryData?: Readonly<Record<string, string>>;
  immutable?: boolean;
}

/** One key of a config map or secret; `text` is missing where the bytes are no text. */
export interface ConfigValue {
  readonly key: string;
  readonly bytes: number;
  readonly text?: string;
}

function decode(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encoded([key, value]: readonly [string, string]): ConfigValue {
  const bytes = decode(value);
  const text = textOf(bytes);
  return { key, bytes: bytes.length, ...(text === undefined ? {} : { text }) };
}

function plain([key, text]: readonly [string, string]): ConfigValue {
  return { key, text, bytes: new TextEncoder().encode(text).length };
}

/** The keys of a config map (text) or secret (base64), by name. */
export function configValues({ kind, data = {}, binaryData = {} }: ConfigObject): ConfigValue[] {
  const own = Object.entries(data).map(kind === 'Secret' ? encoded : plain);
  return [...own, ...Object.entries(binaryData).map(encoded)].sort((a, b) => a.key.localeCompare(b.key));
}

/** True when pods of this spec cannot start, or change, without the config map or secret. */
export function usesConfig(spec: PodSpec | undefined, kind: 'ConfigMap' | 'Secret', name: string): boolean {
  const isMap = kind === 'ConfigMap';
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const inVolumes = (spec?.volumes ?? []).some(
    (volume) => (isMap ? volume.configMap?.name : volume.secret?.secretName) === name,
  );
  const inPull = !isMap && (spec?.imagePullSecrets ?? []).some((secret) => secret.name === name);
  const inEnv = containers.some(
    ({ env = [], envFrom = [] }) =>
      env.some(
        ({ valueFrom }) => (isMap ? valueFrom?.configMapKeyRef?.name : valueFrom?.secretKeyRef?.name) === name,
      ) || envFrom.some((source) => (isMap ? source.configMapRef?.name : source.secretRef?.name) === name),
  );
  return inVolumes || inPull || inEnv;
}
