import type { JsonObject } from '../../../apiserver/schema/schema.ts';
import { pod, sample, selector, template, type Sample } from './sample.ts';

const never: JsonObject = { spec: { ...pod, restartPolicy: 'Never' } };
const deployments = 'apps/v1 deployments Deployment';
const statefulSets = 'apps/v1 statefulsets StatefulSet';
const jobs = 'batch/v1 jobs Job';
const cronJobs = 'batch/v1 cronjobs CronJob';
const scalers = 'autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler';
const scaleTargetRef: JsonObject = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
const budgets = 'policy/v1 poddisruptionbudgets PodDisruptionBudget';

export const workloadSamples: readonly Sample[] = [
  sample(deployments, '', { spec: { selector, template } }),
  sample(deployments, 'strategy', {
    spec: {
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '10%' } },
      selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
      template,
    },
  }),
  sample(deployments, 'numbers', {
    spec: {
      replicas: 1,
      minReadySeconds: 5,
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: 60,
      paused: true,
      strategy: { type: 'Recreate' },
      selector,
      template,
    },
  }),
  sample('apps/v1 replicasets ReplicaSet', '', { spec: { selector, template } }),
  sample('apps/v1 replicasets ReplicaSet', 'numbers', { spec: { replicas: 1, minReadySeconds: 5, selector, template } }),
  sample(statefulSets, '', {
    spec: {
      serviceName: 's',
      selector,
      template,
      volumeClaimTemplates: [
        {
          metadata: { name: 'd' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  }),
  sample(statefulSets, 'full', {
    spec: {
      replicas: 2,
      selector,
      template,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1, maxUnavailable: 1 } },
      revisionHistoryLimit: 3,
      minReadySeconds: 4,
      ordinals: { start: 2 },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
    },
  }),
  sample('apps/v1 daemonsets DaemonSet', '', { spec: { selector, template } }),
  sample('apps/v1 daemonsets DaemonSet', 'strategy', {
    spec: {
      selector,
      template,
      minReadySeconds: 3,
      revisionHistoryLimit: 2,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%', maxSurge: 0 } },
    },
  }),
  sample('apps/v1 controllerrevisions ControllerRevision', '', { revision: 1, data: { a: 1 } }),
  sample(jobs, '', { spec: { template: never } }),
  sample(jobs, 'indexed', {
    spec: {
      completionMode: 'Indexed',
      completions: 2,
      parallelism: 2,
      backoffLimitPerIndex: 1,
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }] },
      template: never,
    },
  }),
  sample(jobs, 'full', {
    spec: {
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 2,
      backoffLimit: 4,
      backoffLimitPerIndex: 1,
      maxFailedIndexes: 2,
      activeDeadlineSeconds: 60,
      ttlSecondsAfterFinished: 10,
      suspend: true,
      podReplacementPolicy: 'Failed',
      managedBy: 'a.com/b',
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailIndex', onExitCodes: { containerName: 'c', operator: 'NotIn', values: [1, 2] } },
        ],
      },
      successPolicy: { rules: [{ succeededIndexes: '0,2', succeededCount: 1 }] },
      template: { metadata: { labels: { a: 'b' } }, ...never },
    },
  }),
  sample(jobs, 'manual', {
    spec: { manualSelector: true, selector, template: { metadata: { labels: { a: 'b' } }, ...never } },
  }),
  sample(cronJobs, '', {
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: 'OnFailure' } } } },
    },
  }),
  sample(cronJobs, 'full', {
    spec: {
      schedule: '@hourly',
      timeZone: 'Europe/Berlin',
      startingDeadlineSeconds: 60,
      concurrencyPolicy: 'Forbid',
      suspend: true,
      successfulJobsHistoryLimit: 2,
      failedJobsHistoryLimit: 2,
      jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { completions: 2, template: never } },
    },
  }),
  sample(scalers, '', {
    spec: {
      scaleTargetRef,
      maxReplicas: 3,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    },
  }),
  sample(scalers, 'bare', { spec: { scaleTargetRef, maxReplicas: 3 } }),
  sample(scalers, 'full', {
    spec: {
      scaleTargetRef,
      minReplicas: 2,
      maxReplicas: 3,
      metrics: [
        {
          type: 'Pods',
          pods: { metric: { name: 'm', selector }, target: { type: 'AverageValue', averageValue: '5' } },
        },
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'v1', kind: 'Service', name: 's' },
            metric: { name: 'm' },
            target: { type: 'Value', value: '5' },
          },
        },
        { type: 'External', external: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '5' } } },
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'cpu',
            container: 'c',
            target: { type: 'Utilization', averageUtilization: 50 },
          },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 5,
          selectPolicy: 'Max',
          policies: [{ type: 'Pods', value: 2, periodSeconds: 15 }],
        },
        scaleDown: { policies: [{ type: 'Percent', value: 20, periodSeconds: 60 }] },
      },
    },
  }),
  sample(budgets, '', { spec: { minAvailable: 1, selector } }),
  sample(budgets, 'percent', {
    spec: { maxUnavailable: '50%', selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  }),
];
