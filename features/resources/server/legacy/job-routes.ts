import { ApiError } from '@kit/base';
import { defineRoute, type Route } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import { Type } from 'typebox';
import type { ResourcesParts } from '../parts.ts';

interface Job extends KubeObject {
  spec: {
    selector?: unknown;
    template?: { metadata?: { labels?: Record<string, string> } };
    [field: string]: unknown;
  };
}

/** Labels by which a job knows its own pods: the cluster gives new ones. */
const owned = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];

function withoutOwned(labels: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !owned.includes(name)));
}

/** The same job as one that has never run. */
function anew({ metadata, spec }: Job): Job {
  const { selector: _selector, ...rest } = spec;
  const { name, namespace, labels, annotations, ownerReferences } = metadata;
  const template = {
    ...spec.template,
    metadata: { ...spec.template?.metadata, labels: withoutOwned(spec.template?.metadata?.labels) },
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels ? { labels: withoutOwned(labels) } : {}),
      ...(annotations ? { annotations } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
    },
    spec: { ...rest, template },
  };
}

const patienceMs = 10_000;

/** Deletes the job with its pods, and makes it again once its name is free. */
async function rerun(
  { kube, views }: ResourcesParts,
  key: { namespace: string; name: string },
  version: string | undefined,
): Promise<void> {
  const job = await kube.get<Job>(kinds.jobs, key);
  const { uid, resourceVersion } = job.metadata;
  if (version !== undefined && version !== resourceVersion)
    throw new ApiError('Conflict', `job "${key.name}" has changed since you read it; read it again and decide anew`, {
      details: { kind: 'jobs', group: 'batch', name: key.name },
    });
  // Tried first: a job that the cluster would not take back must not be deleted.
  await kube.create(
    kinds.jobs,
    { ...anew(job), metadata: { ...anew(job).metadata, name: `${key.name.slice(0, 50)}-again` } },
    { dryRun: true },
  );
  await kube.delete(kinds.jobs, key, {
    propagationPolicy: 'Background',
    preconditions: { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) },
  });
  await gone(views.of(kinds.jobs), { ...key, uid: uid ?? '' });
  await kube.create(kinds.jobs, anew(job));
}

/** Finalizers may keep a deleted job for a moment. */
async function gone(
  view: ReturnType<ResourcesParts['views']['of']>,
  job: { namespace: string; name: string; uid: string },
): Promise<void> {
  const isGone = (): boolean => view.get(job.namespace, job.name)?.uid !== job.uid;
  await view.ready(AbortSignal.timeout(patienceMs));
  if (isGone()) return;
  const { promise, resolve } = withResolvers();
  const unsubscribe = view.subscribe(() => {
    if (isGone()) resolve();
  });
  const patience = AbortSignal.timeout(patienceMs);
  patience.addEventListener('abort', resolve, { once: true });
  await promise;
  unsubscribe();
  if (isGone()) return;
  throw new ApiError(
    'Timeout',
    `job "${job.name}" is being deleted, which takes longer than usual; run it again when it is gone`,
  );
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Running a job again (operations.kubesphere.io v1alpha2). */
export function jobRoutes(parts: ResourcesParts): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/kapis/operations.kubesphere.io/v1alpha2/namespaces/{namespace}/jobs/{job}',
      scope: 'project',
      permission: { by: 'rbac' },
      summary: 'Run a job again: it is deleted and made anew',
      tag: 'Operations',
      params: Type.Object({ namespace: Type.String(), job: Type.String() }),
      query: Type.Object({
        action: Type.Optional(Type.String({ description: 'rerun' })),
        resourceVersion: Type.Optional(Type.String()),
      }),
      responses: { 200: Type.Object({ message: Type.String() }) },
      handle: async ({ params: { namespace, job }, query: { action, resourceVersion } }) => {
        if (action !== 'rerun')
          throw new ApiError('BadRequest', `action: "${action ?? ''}" is not known; jobs can be run again: rerun`);
        await rerun(parts, { namespace, name: job }, resourceVersion);
        return { message: 'success' };
      },
    }),
  ];
}
