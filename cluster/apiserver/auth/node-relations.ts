import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { Version } from '../storage/version.ts';

interface Named {
  readonly name?: string;
}

interface Container {
  readonly env?: readonly {
    readonly valueFrom?: { readonly secretKeyRef?: Named; readonly configMapKeyRef?: Named };
  }[];
  readonly envFrom?: readonly { readonly secretRef?: Named; readonly configMapRef?: Named }[];
}

interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
  readonly configMap?: Named;
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly ephemeral?: object;
  readonly projected?: { readonly sources?: readonly { readonly secret?: Named; readonly configMap?: Named }[] };
  readonly csi?: { readonly nodePublishSecretRef?: Named };
}

interface PodSpec {
  readonly nodeName?: string;
  readonly serviceAccountName?: string;
  readonly imagePullSecrets?: readonly Named[];
  readonly volumes?: readonly Volume[];
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
  readonly resourceClaims?: readonly { readonly resourceClaimName?: string }[];
}

/** What a pod makes its node see, by resource. */
interface Relations {
  readonly node: string;
  readonly names: Readonly<Record<string, ReadonlySet<string>>>;
}

const pods = resourceKey('', 'pods');
const persistentVolumes = resourceKey('', 'persistentvolumes');

const namesOf = (refs: readonly (Named | undefined)[]): string[] => refs.flatMap((ref) => ref?.name ?? []);

function containerRefs(container: Container, of: 'secret' | 'configMap'): string[] {
  const env = (container.env ?? []).map(({ valueFrom }) => valueFrom?.[`${of}KeyRef`]);
  const envFrom = (container.envFrom ?? []).map((source) => source[`${of}Ref`]);
  return namesOf([...env, ...envFrom]);
}

function volumeRefs({ secret, configMap, projected, csi }: Volume, of: 'secret' | 'configMap'): string[] {
  const sources = (projected?.sources ?? []).map((source) => source[of]);
  const own = of === 'secret' ? [{ name: secret?.secretName }, csi?.nodePublishSecretRef] : [configMap];
  return namesOf([...own, ...sources]);
}

function claimRefs(pod: string, { name, persistentVolumeClaim, ephemeral }: Volume): string[] {
  if (persistentVolumeClaim?.claimName) return [persistentVolumeClaim.claimName];
  return ephemeral ? [`${pod}-${name}`] : [];
}

function refsOf(spec: PodSpec, of: 'secret' | 'configMap'): string[] {
  const { initContainers = [], containers = [], ephemeralContainers = [], volumes = [] } = spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers];
  return [
    ...all.flatMap((container) => containerRefs(container, of)),
    ...volumes.flatMap((volume) => volumeRefs(volume, of)),
  ];
}

function relationsOf(version: Version): Relations {
  const { metadata, spec = {} } = version.object() as { metadata: { name: string }; spec?: PodSpec }; // the schema has checked it
  const { nodeName: node = '', serviceAccountName, volumes = [], imagePullSecrets = [], resourceClaims = [] } = spec;
  return {
    node,
    names: {
      pods: new Set([metadata.name]),
      secrets: new Set([...refsOf(spec, 'secret'), ...namesOf(imagePullSecrets)]),
      configmaps: new Set(refsOf(spec, 'configMap')),
      persistentvolumeclaims: new Set(volumes.flatMap((volume) => claimRefs(metadata.name, volume))),
      serviceaccounts: new Set(serviceAccountName ? [serviceAccountName] : []),
      resourceclaims: new Set(resourceClaims.flatMap(({ resourceClaimName }) => resourceClaimName ?? [])),
    },
  };
}

/** Which objects the pods of a node need. Looked up when an agent asks: without agents it costs nothing. */
export class NodeRelations {
  readonly #storage: Storage;
  readonly #known = new WeakMap<Version, Relations>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** True when a pod on the node needs the object. */
  needs(
    node: string,
    object: { readonly resource: string; readonly namespace: string; readonly name: string },
  ): boolean {
    const { resource, namespace, name } = object;
    if (resource === 'persistentvolumes') return this.#needsVolume(node, name);
    return this.#storage.list(pods, { namespace }).some((version) => {
      const relations = this.#relations(version);
      return relations.node === node && (relations.names[resource]?.has(name) ?? false);
    });
  }

  #needsVolume(node: string, name: string): boolean {
    const stored = this.#storage.newest({ resource: persistentVolumes, namespace: '', name })?.object();
    const { claimRef } = (stored?.['spec'] ?? {}) as { claimRef?: { namespace?: string; name?: string } }; // the schema has checked it
    if (!claimRef?.name || !claimRef.namespace) return false;
    return this.needs(node, { resource: 'persistentvolumeclaims', namespace: claimRef.namespace, name: claimRef.name });
  }

  #relations(version: Version): Relations {
    let relations = this.#known.get(version);
    if (!relations) this.#known.set(version, (relations = relationsOf(version)));
    return relations;
  }
}
