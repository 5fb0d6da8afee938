import type { Claim } from '../../controllers/volumes/storage-kinds.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { NodeState } from '../node-state.ts';
import type { PodVolume } from '../placed-pod.ts';
import { type Filter, final, type NodeCheck, type NoWhere, passing } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { bindReasons, boundReasons, candidatesFor, planFor } from './pod-volumes.ts';
import { stateOf, type VolumeView } from './volume-view.ts';

const diskConflict = passing('node(s) had no available disk');
const inUse = passing(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);

function clash(a: PodVolume, b: PodVolume): boolean {
  if (a.gcePersistentDisk && b.gcePersistentDisk) {
    const isShared = a.gcePersistentDisk.readOnly && b.gcePersistentDisk.readOnly;
    return a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName && !isShared;
  }
  if (a.iscsi && b.iscsi) return a.iscsi.iqn === b.iscsi.iqn && !(a.iscsi.readOnly && b.iscsi.readOnly);
  return clashOfRbd(a, b);
}

function clashOfRbd({ rbd: a }: PodVolume, { rbd: b }: PodVolume): boolean {
  if (!a || !b || (a.readOnly && b.readOnly)) return false;
  const { monitors, pool = 'rbd', image } = a;
  return monitors.some((one) => b.monitors.includes(one)) && pool === (b.pool ?? 'rbd') && image === b.image;
}

/** Disks that only one pod can have, and claims that only one pod may use. */
function volumeRestrictions(view: VolumeView): Filter {
  return {
    name: 'VolumeRestrictions',
    helpedBy: ['node added', 'pod removed', 'volumes'],
    prepare(info: PodInfo, cluster: ClusterState): NodeCheck | undefined {
      const disks = (info.pod.spec.volumes ?? []).filter((one) => one.gcePersistentDisk ?? one.iscsi ?? one.rbd);
      const exclusive = info.claims.filter((name) =>
        view.claim(info.namespace, name)?.spec.accessModes?.includes('ReadWriteOncePod'),
      );
      if (disks.length + exclusive.length === 0) return undefined;
      const users = new Set(exclusive.flatMap((name) => [...cluster.claimUsers(`${info.namespace}/${name}`)]));
      users.delete(info.uid);
      const hasClash = ({ pods }: NodeState): boolean =>
        disks.length > 0 &&
        [...pods.values()].some(({ pod }) =>
          (pod.spec.volumes ?? []).some((other) => disks.some((one) => clash(one, other))),
        );
      return {
        check: (node) => (users.size > 0 ? inUse : hasClash(node) ? diskConflict : undefined),
        change: (pod, _node, by) => {
          if (!exclusive.some((name) => pod.namespace === info.namespace && pod.claims.includes(name))) return;
          if (by === 1) users.add(pod.uid);
          else users.delete(pod.uid);
        },
      };
    },
  };
}

/** How many volumes of one driver a node can have at a time, as its CSINode says. */
function nodeVolumeLimits(view: VolumeView): Filter {
  const rejection = passing('node(s) exceed max volume count');
  const driverOf = (namespace: string, name: string): { driver: string; handle: string } | undefined => {
    const claim = view.claim(namespace, name);
    if (!claim) return undefined;
    const csi = claim.spec.volumeName ? view.volume(claim.spec.volumeName)?.spec.csi : undefined;
    if (csi) return { driver: csi.driver, handle: csi.volumeHandle ?? claim.spec.volumeName ?? '' };
    const provisioner = view.classOf(claim)?.provisioner;
    return provisioner && !claim.spec.volumeName ? { driver: provisioner, handle: `${namespace}/${name}` } : undefined;
  };
  const handles = ({ namespace, claims }: PodInfo, driver: string): string[] =>
    claims.map((name) => driverOf(namespace, name)).flatMap((one) => (one?.driver === driver ? [one.handle] : []));
  return {
    name: 'NodeVolumeLimits',
    helpedBy: ['node added', 'pod removed', 'volumes'],
    prepare(info) {
      if (info.claims.length === 0 || view.nodes.size === 0) return undefined;
      return {
        check: (node) => {
          const limits = view.nodes.get(undefined, node.name)?.spec.drivers ?? [];
          const isFull = limits.some(({ name, allocatable }) => {
            const wanted = handles(info, name);
            if (allocatable?.count === undefined || wanted.length === 0) return false;
            const used = new Set([...node.pods.values()].flatMap((pod) => handles(pod, name)));
            return new Set([...used, ...wanted]).size > allocatable.count;
          });
          return isFull ? rejection : undefined;
        },
      };
    },
  };
}

function claimProblem({ pod, namespace }: PodInfo, view: VolumeView): string | undefined {
  for (const { name: volume, persistentVolumeClaim, ephemeral } of pod.spec.volumes ?? []) {
    if (!persistentVolumeClaim && !ephemeral) continue;
    const name = persistentVolumeClaim?.claimName ?? `${pod.metadata.name}-${volume}`;
    const problem = problemOf(view.claim(namespace, name), { name, pod, isEphemeral: ephemeral !== undefined });
    if (problem) return problem;
  }
  return undefined;
}

function problemOf(
  claim: Claim | undefined,
  { name, pod, isEphemeral }: { name: string; pod: PodInfo['pod']; isEphemeral: boolean },
): string | undefined {
  if (!claim) {
    return isEphemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
      : `persistentvolumeclaim "${name}" not found`;
  }
  if (claim.status?.phase === 'Lost') return lostMessage(claim);
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
  if (!isEphemeral || controllerOf(claim)?.uid === pod.metadata.uid) return undefined;
  const { namespace = '' } = claim.metadata;
  return `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
}

function lostMessage({ metadata, spec }: Claim): string {
  return `persistentvolumeclaim "${metadata.name}" bound to non-existent persistentvolume "${spec.volumeName ?? ''}"`;
}

/** Claims must exist; bound ones must be reachable from the node, waiting ones must find or get a volume there. */
function volumeBinding(view: VolumeView): Filter {
  const nothingFits = final(bindReasons.nothingFits);
  return {
    name: 'VolumeBinding',
    helpedBy: ['node added', 'node labels', 'volumes', 'pod removed'],
    prepare(info): NodeCheck | NoWhere | undefined {
      if (info.claims.length === 0) return undefined;
      const problem = claimProblem(info, view);
      if (problem) return { nowhere: problem };
      const claims = info.claims.flatMap((name) => view.claim(info.namespace, name) ?? []);
      if (claims.some((claim) => stateOf(claim, view) === 'immediate'))
        return { nowhere: 'pod has unbound immediate PersistentVolumeClaims' };
      const bound = claims.filter((claim) => stateOf(claim, view) === 'bound');
      const waiting = claims.filter((claim) => stateOf(claim, view) === 'delayed');
      const volumes = candidatesFor(waiting, view);
      return {
        check: (node) => {
          const reasons = boundReasons(bound, node, view);
          if (reasons.length === 0 && waiting.length === 0) return undefined;
          const isServed = waiting.length === 0 || planFor(waiting, node, { view, volumes }) !== undefined;
          if (reasons.length === 0) return isServed ? undefined : nothingFits;
          return final(...reasons, ...(isServed ? [] : nothingFits.reasons));
        },
      };
    },
  };
}

const zoneKeys: Readonly<Record<string, string>> = {
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
};

/** Zone labels of a volume hold for the nodes that have any. */
function volumeZone(view: VolumeView): Filter {
  const rejection = final('node(s) had no available volume zone');
  return {
    name: 'VolumeZone',
    helpedBy: ['node added', 'node labels', 'volumes'],
    prepare(info) {
      const volumes = info.claims.flatMap((name) => {
        const volumeName = view.claim(info.namespace, name)?.spec.volumeName;
        return volumeName ? (view.volume(volumeName) ?? []) : [];
      });
      const zones = volumes.flatMap(({ metadata }) =>
        Object.entries(metadata.labels ?? {}).filter(([key]) => key in zoneKeys),
      );
      if (zones.length === 0) return undefined;
      const differs = ({ labels }: NodeState): boolean =>
        zones.some(([key, value]) => !value.split('__').includes(labels[key] ?? labels[zoneKeys[key] ?? ''] ?? ''));
      const hasZone = ({ labels }: NodeState): boolean =>
        Object.keys(zoneKeys).some((key) => labels[key] !== undefined);
      return { check: (node) => (hasZone(node) && differs(node) ? rejection : undefined) };
    },
  };
}

/** The filters that look at volumes, in their order. */
export function volumeFilters(view: VolumeView): readonly Filter[] {
  return [volumeRestrictions(view), nodeVolumeLimits(view), volumeBinding(view), volumeZone(view)];
}
