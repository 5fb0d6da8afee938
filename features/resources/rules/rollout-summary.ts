import type { Revision } from '../contract/answers.ts';
import { revisionOf } from './revisions.ts';
import type { Container, Deployment, PodTemplate } from './workload-types.ts';

const restartMark = 'kubectl.kubernetes.io/restartedAt';

/** The images of a template, in the order of its containers. */
export function imagesOf(template: PodTemplate | undefined): string[] {
  return (template?.spec?.containers ?? []).map(({ image = '' }) => image);
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
}

function lastMove({ metadata, status }: Deployment): string {
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  return progressing?.lastUpdateTime ?? progressing?.lastTransitionTime ?? metadata.creationTimestamp ?? '';
}

/** How far the newest revision has come. */
export function rolloutSummary(deployment: Deployment): RolloutSummary {
  const { replicas: wanted = 1, paused = false } = deployment.spec ?? {};
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0 } = deployment.status ?? {};
  return { wanted, ready, updated, paused, revision: revisionOf(deployment), changed: lastMove(deployment) };
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
