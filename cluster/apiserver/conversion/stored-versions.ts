import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { Version } from '../storage/version.ts';
import { readObject, withoutType } from '../store/stored-object.ts';
import { convertObjects } from './convert-object.ts';
import type { ConversionDeps } from './convert-object.ts';

const made = new WeakMap<KindInfo, WeakMap<Version, Version>>();

function knownIn(kind: KindInfo): WeakMap<Version, Version> {
  let known = made.get(kind);
  if (!known) made.set(kind, (known = new WeakMap<Version, Version>()));
  return known;
}

/** The kind whose version a stored object has; objects from before there were several do not tell. */
function storedKind(kind: KindInfo, version: Version): KindInfo {
  const { conversion } = kind;
  if (!conversion) return kind;
  const { apiVersion } = version.object() as { apiVersion?: string }; // as `writeObject` writes it
  const name = apiVersion?.slice(apiVersion.indexOf('/') + 1) ?? conversion.firstVersion;
  return conversion.versions().find((other) => other.version === name) ?? kind;
}

function asVersion({ key, revision }: Version, object: ClusterObject): Version {
  return new Version(key, revision, JSON.stringify(withoutType(object)));
}

/** The object as it is stored, with the defaults its own version has today. */
function stateOf(kind: KindInfo, version: Version): ClusterObject {
  const object = readObject(kind, version);
  kind.completeStored?.(object);
  return object;
}

async function convertAll(deps: ConversionDeps, kind: KindInfo, versions: readonly Version[]): Promise<void> {
  const known = knownIn(kind);
  const bySource = new Map<KindInfo, Version[]>();
  for (const version of versions) {
    const source = storedKind(kind, version);
    bySource.set(source, [...(bySource.get(source) ?? []), version]);
  }
  for (const [source, group] of bySource) {
    const from = source.version === kind.version ? kind : source;
    const objects = group.map((version) => stateOf(from, version));
    const converted = await convertObjects(deps, objects, { from, to: kind });
    group.forEach((version, index) => {
      const object = converted[index];
      if (object) known.set(version, asVersion(version, object));
    });
  }
}

/**
 * Stored versions as objects of `kind`: converted where the definition of the kind has several versions, as they are
 * otherwise. A state is converted once for each version it is read in.
 */
export function versionsAs(
  deps: ConversionDeps,
  kind: KindInfo,
  versions: readonly Version[],
): readonly Version[] | Promise<readonly Version[]> {
  if (!kind.conversion) return versions;
  const known = knownIn(kind);
  const missing = versions.filter((version) => !known.has(version));
  const all = (): readonly Version[] => versions.map((version) => known.get(version) ?? version);
  return missing.length === 0 ? all() : convertAll(deps, kind, missing).then(all);
}

/** As `versionsAs`, for one. */
export function versionAs(deps: ConversionDeps, kind: KindInfo, version: Version): Version | Promise<Version> {
  if (!kind.conversion) return version;
  const shown = versionsAs(deps, kind, [version]);
  return shown instanceof Promise ? shown.then(([first = version]) => first) : (shown[0] ?? version);
}

/** The object of a stored version as `kind` has it; the caller's own. */
export async function readAs(deps: ConversionDeps, kind: KindInfo, version: Version): Promise<ClusterObject> {
  return readObject(kind, await versionAs(deps, kind, version));
}

/** What is to be stored of an object: itself, or the same in the version its definition stores. */
export async function toStored(
  deps: ConversionDeps,
  kind: KindInfo,
  object: ClusterObject,
): Promise<{ kind: KindInfo; object: ClusterObject }> {
  const { conversion } = kind;
  const stored = conversion?.versions().find(({ version }) => version === conversion.storageVersion);
  if (!stored || stored.version === kind.version) return { kind, object };
  const [converted = object] = await convertObjects(deps, [object], { from: kind, to: stored });
  return { kind: stored, object: converted };
}
