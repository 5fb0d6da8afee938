import { replicaSetsOf } from './cause-of-failure.ts';
import type { Container, Deployment, PodTemplate, ReplicaSet } from './workload-types.ts';

const revisionMark = 'deployment.kubernetes.io/revision';
const changeCauseMark = 'kubernetes.io/change-cause';
const restartMark = 'kubectl.kubernetes.io/restartedAt';
const hashLabel = 'pod-template-hash';

/** One rollout of a deployment, as its replica set remembers it. */
export interface Revision {
  readonly number: number;
  readonly replicaSet: string;
  readonly created: string;
  readonly replicas: number;
  readonly ready: number;
  readonly images: readonly string[];
  readonly isCurrent: boolean;
  /** What the author wrote down about it. */
  readonly changeCause?: string;
  /** The template as the deployment had it, without the label the controller adds. */
  readonly template: PodTemplate;
}

/** The number a deployment or replica set carries; 0 when it has none yet. */
export function revisionNumber(object: Deployment | ReplicaSet): number {
  const value = Number(object.metadata.annotations?.[revisionMark]);
  return Number.isInteger(value) ? value : 0;
}

/** A replica set's template as the deployment had it, so that writing it back makes the same pods. */
export function templateOf(replicaSet: ReplicaSet): PodTemplate {
  const { metadata, ...rest } = replicaSet.spec?.template ?? {};
  const labels = Object.fromEntries(Object.entries(metadata?.labels ?? {}).filter(([key]) => key !== hashLabel));
  return { ...rest, metadata: { ...metadata, labels } };
}

/** The images of a template, in the order of its containers. */
export function imagesOf(template: PodTemplate | undefined): string[] {
  return (template?.spec?.containers ?? []).map(({ image = '' }) => image);
}

/** All revisions that can be gone back to, the newest first. */
export function revisionsOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Revision[] {
  const current = revisionNumber(deployment);
  return replicaSetsOf(deployment, replicaSets)
    .map((set) => {
      const changeCause = set.metadata.annotations?.[changeCauseMark];
      const number = revisionNumber(set);
      return {
        number,
        replicaSet: set.metadata.name,
        created: set.metadata.creationTimestamp ?? '',
        replicas: set.status?.replicas ?? 0,
        ready: set.status?.readyReplicas ?? 0,
        images: imagesOf(set.spec?.template),
        isCurrent: number === current,
        template: templateOf(set),
        ...(changeCause === undefined ? {} : { changeCause }),
      };
    })
    .sort((a, b) => b.number - a.number);
}

/** The figures the line under a deployment's title is made of. */
export interface RolloutSummary {
  readonly wanted: number;
  readonly ready: number;
  readonly updated: number;
  readonly revision: number;
  readonly paused: boolean;
  /** When a rollout last moved. */
  readonly changed: string;
  readonly restarted?: string;
}

/** How far the newest revision has come. */
export function rolloutSummary({ metadata, spec, status }: Deployment): RolloutSummary {
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const restarted = spec?.template?.metadata?.annotations?.[restartMark];
  return {
    wanted: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    revision: Number(metadata.annotations?.[revisionMark] ?? 0),
    paused: spec?.paused ?? false,
    changed: progressing?.lastUpdateTime ?? progressing?.lastTransitionTime ?? metadata.creationTimestamp ?? '',
    ...(restarted === undefined ? {} : { restarted }),
  };
}

/** The patch that makes every pod anew: a changed annotation is a new template. */
export function restartPatch(now: string): object {
  return { spec: { template: { metadata: { annotations: { [restartMark]: now } } } } };
}

/**
 * The JSON patch that gives containers other images; its tests refuse the whole when somebody else has changed one of
 * these images, or the containers' order, meanwhile.
 */
export function imagePatch(deployment: Deployment, images: Readonly<Record<string, string>>): object[] {
  return (deployment.spec?.template?.spec?.containers ?? []).flatMap(({ name, image }, index) => {
    const wanted = images[name];
    if (wanted === undefined) return [];
    const path = `/spec/template/spec/containers/${index}`;
    return [
      { op: 'test', path: `${path}/name`, value: name },
      { op: 'test', path: `${path}/image`, value: image },
      { op: 'replace', path: `${path}/image`, value: wanted },
    ];
  });
}

/** The JSON patch that brings an old template back; the test refuses it when its spec has changed meanwhile. */
export function rollBackPatch(deployment: Deployment, revision: Revision): object[] {
  return [
    { op: 'test', path: '/metadata/generation', value: deployment.metadata.generation },
    { op: 'replace', path: '/spec/template', value: revision.template },
  ];
}

/** Containers whose image differs from the draft's. */
export function changedImages(
  containers: readonly Container[],
  draft: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    containers.flatMap(({ name, image }) => {
      const wanted = draft[name]?.trim();
      return wanted && wanted !== image ? [[name, wanted]] : [];
    }),
  );
}
