import type { KindInfo } from '../kinds/kind-info.ts';
import { resourceKey } from '../storage/version.ts';

export interface GroupVersions {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

/** Every kind the server serves now: the built-in ones, and those of the CustomResourceDefinitions it has accepted. */
export class KindRegistry {
  readonly #builtin: readonly KindInfo[];
  readonly #custom = new Map<string, readonly KindInfo[]>();
  readonly #listeners = new Set<() => void>();
  #byPath = new Map<string, KindInfo>();
  #groups: GroupVersions[] = [];
  /** Grows with every change: what is derived from the kinds can be cached under it. */
  revision = 0;

  constructor(builtin: readonly KindInfo[]) {
    this.#builtin = builtin;
    this.#index();
  }

  find(group: string, version: string, resource: string): KindInfo | undefined {
    return this.#byPath.get(`${group}/${version}/${resource}`);
  }

  /** The kind under the preferred version of its group that has it. */
  preferred(group: string, resource: string): KindInfo | undefined {
    for (const version of this.versionsOf(group)) {
      const kind = this.find(group, version, resource);
      if (kind) return kind;
    }
    return undefined;
  }

  /** The version a kind is stored in; others are served by converting. */
  stored(kind: KindInfo): KindInfo {
    if (kind.builtin) return this.preferred(kind.group, kind.resource) ?? kind;
    return this.all().find((k) => k.storage && k.group === kind.group && k.resource === kind.resource) ?? kind;
  }

  versionsOf(group: string): readonly string[] {
    return this.#groups.find((entry) => entry.group === group)?.versions ?? [];
  }

  groups(): readonly GroupVersions[] {
    return this.#groups;
  }

  inVersion(group: string, version: string): KindInfo[] {
    return this.all().filter((kind) => kind.group === group && kind.version === version);
  }

  all(): readonly KindInfo[] {
    return [...this.#byPath.values()];
  }

  /** Sets the kinds one CustomResourceDefinition serves; none takes them away. */
  setCustom(definition: string, kinds: readonly KindInfo[]): void {
    if (kinds.length === 0 && !this.#custom.has(definition)) return;
    if (kinds.length === 0) this.#custom.delete(definition);
    else this.#custom.set(definition, kinds);
    this.#index();
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #index(): void {
    const custom = [...this.#custom.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, kinds]) => kinds);
    const kinds = [...this.#builtin, ...custom];
    this.#byPath = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.resource}`, kind]));
    const groups = new Map<string, Set<string>>();
    for (const { group, version } of kinds) groups.set(group, (groups.get(group) ?? new Set()).add(version));
    this.#groups = [...groups].map(([group, versions]) => ({ group, versions: [...versions].sort(byStability) }));
    this.revision++;
  }
}

/** GA before beta before alpha, then the higher number first: v2, v1, v1beta2, v1beta1, v1alpha1. */
export function byStability(a: string, b: string): number {
  const rank = (version: string): number[] => {
    const [, major = '0', stage = '', minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    if (major === '0') return [0, 0, 0];
    return [stage === '' ? 3 : stage === 'beta' ? 2 : 1, Number(major), Number(minor)];
  };
  const [x, y] = [rank(a), rank(b)];
  for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return (y[i] ?? 0) - (x[i] ?? 0);
  return a < b ? -1 : 1;
}

/** Where the objects of a kind are stored. The events of both groups are the same objects. */
export function storageResource(kind: KindInfo): string {
  return resourceKey(kind.group === 'events.k8s.io' ? '' : kind.group, kind.resource);
}

export function apiVersionOf(kind: { group: string; version: string }): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}
