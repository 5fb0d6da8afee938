import type { KubeObject } from '@kit/kube';
import type { Container, PodSpec } from './workload-types.ts';

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

interface Uses {
  readonly configMaps: readonly (string | undefined)[];
  readonly secrets: readonly (string | undefined)[];
}

function usesOfContainer({ env = [], envFrom = [] }: Container): Uses {
  return {
    configMaps: [
      ...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
      ...envFrom.map((from) => from.configMapRef?.name),
    ],
    secrets: [
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...envFrom.map((from) => from.secretRef?.name),
    ],
  };
}

function usesOf({ initContainers = [], containers = [], volumes = [], imagePullSecrets = [] }: PodSpec): Uses {
  const uses = [...initContainers, ...containers].map(usesOfContainer);
  return {
    configMaps: [...uses.flatMap(({ configMaps }) => configMaps), ...volumes.map(({ configMap }) => configMap?.name)],
    secrets: [
      ...uses.flatMap(({ secrets }) => secrets),
      ...volumes.map(({ secret }) => secret?.secretName),
      ...imagePullSecrets.map(({ name }) => name),
    ],
  };
}

/** True when pods of this spec cannot start, or change, without the config map or secret. */
export function usesConfig(spec: PodSpec | undefined, kind: 'ConfigMap' | 'Secret', name: string): boolean {
  const { configMaps, secrets } = usesOf(spec ?? {});
  return (kind === 'ConfigMap' ? configMaps : secrets).includes(name);
}
