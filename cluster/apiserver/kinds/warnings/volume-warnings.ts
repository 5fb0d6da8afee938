import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';

const deprecations: Readonly<Record<string, readonly [shown: string, note: string]>> = {
  photonPersistentDisk: ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  gitRepo: ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  scaleIO: ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  flocker: ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  storageos: ['storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  quobyte: ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  glusterfs: ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  cephfs: ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  rbd: ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
};

/** Warnings about a source of volumes that no kubelet mounts any more. */
export function warnOfSource(source: JsonObject, path: string): string[] {
  return Object.keys(source).flatMap((name) => {
    const found = source[name] === undefined ? undefined : deprecations[name];
    return found ? [`${path}.${found[0]}: ${found[1]}`] : [];
  });
}

/** A file of a volume, and what puts it there. */
interface Placed {
  readonly path: string;
  readonly from: string;
}

const withoutEnd = (path: string): string => path.replace(/\/+$/, '');
const overlaps = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

function warnOfOverlaps(volume: string, files: readonly Placed[]): string[] {
  const shown = ({ path, from }: Placed): string => `${JSON.stringify(path)}${from && ` (${from})`}`;
  return files.flatMap((file, index) => {
    const earlier = files.slice(0, index).filter(({ path }) => overlaps(path, file.path));
    return [...new Set(earlier.map(shown))].map(
      (other) => `volume ${volume}: overlapping paths: ${shown(file)} with ${other}`,
    );
  });
}

const placed = (list: unknown, from = ''): Placed[] =>
  items(list).map(({ path }) => ({ path: withoutEnd(optionalText(path)), from }));

const named = (kind: string, name: unknown): string => `${kind} ${JSON.stringify(optionalText(name))}`;

function filesOfSource(source: JsonObject): Placed[] {
  const [config, secret] = [record(source['configMap']), record(source['secret'])];
  const token = record(source['serviceAccountToken']);
  return [
    ...(config ? placed(config['items'], named('ConfigMap', config['name'])) : []),
    ...(secret ? placed(secret['items'], named('Secret', secret['name'])) : []),
    ...placed(fieldsIn(source['downwardAPI'])['items'], 'DownwardAPI'),
    ...(token ? [{ path: withoutEnd(optionalText(token['path'])), from: 'ServiceAccountToken' }] : []),
  ];
}

const sourceKinds = ['configMap', 'secret', 'downwardAPI', 'serviceAccountToken', 'podCertificate'];

function warnOfProjected(name: string, projected: JsonObject): string[] {
  const sources = items(projected['sources']);
  const isEmpty = (source: JsonObject): boolean => sourceKinds.every((kind) => source[kind] === undefined);
  const missing = sources.some(isEmpty);
  return [
    ...(missing ? [`volume ${name} (Projected) has no sources provided`] : []),
    ...warnOfOverlaps(`${name} (Projected)`, sources.flatMap(filesOfSource)),
  ];
}

/** Warnings about one volume of a pod. */
export function warnOfVolume(volume: JsonObject, path: string): string[] {
  const name = JSON.stringify(optionalText(volume['name']));
  const warnings = warnOfSource(volume, path);
  const [config, secret] = [record(volume['configMap']), record(volume['secret'])];
  const [downward, projected] = [record(volume['downwardAPI']), record(volume['projected'])];
  if (config)
    warnings.push(...warnOfOverlaps(`${name} (${named('ConfigMap', config['name'])})`, placed(config['items'])));
  if (secret)
    warnings.push(...warnOfOverlaps(`${name} (${named('Secret', secret['secretName'])})`, placed(secret['items'])));
  if (downward) warnings.push(...warnOfOverlaps(`${name} (DownwardAPI)`, placed(downward['items'])));
  if (projected) warnings.push(...warnOfProjected(name, projected));
  return warnings;
}
