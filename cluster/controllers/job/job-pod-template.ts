import type { Pod } from '../../reconcile/pod.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { failuresAfter } from './job-pods.ts';
import { indexAnnotations, type Job, trackingFinalizer } from './job.ts';

/** A new pod of the job; its finalizer keeps it until it is counted. */
export function jobPod(job: Job): Pod {
  const pod = podFromTemplate(job, job.spec.template);
  const finalizers = [...(pod.metadata.finalizers ?? []), trackingFinalizer];
  return { ...pod, metadata: { ...pod.metadata, finalizers } };
}

type Container = Pod['spec']['containers'][number] & { readonly env?: readonly { readonly name: string }[] };

const indexVariable = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotations.index}']` } },
};

function withIndexVariable(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === indexVariable.name)) return container;
  return { ...container, env: [...env, indexVariable] };
}

/** The pod for one index, which its containers find in their environment; it goes on counting the index's failures. */
export function indexedPod(job: Job, { index, replaces }: { index: number; replaces: Pod | undefined }): Pod {
  const pod = jobPod(job);
  const { name } = job.metadata;
  const { failures, ignored } = failuresAfter(job, replaces);
  const noted = { [indexAnnotations.index]: String(index) };
  const counts =
    job.spec.backoffLimitPerIndex === undefined
      ? {}
      : {
          [indexAnnotations.failures]: String(failures),
          ...(ignored > 0 && { [indexAnnotations.ignored]: String(ignored) }),
        };
  const { initContainers, containers } = pod.spec;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${name}-${index}-`,
      annotations: { ...pod.metadata.annotations, ...noted, ...counts },
      labels: { ...pod.metadata.labels, ...noted },
    },
    spec: {
      ...pod.spec,
      hostname: `${name}-${index}`,
      ...(initContainers && { initContainers: initContainers.map(withIndexVariable) }),
      containers: containers.map(withIndexVariable),
    },
  };
}
