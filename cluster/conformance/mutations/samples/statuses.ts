import type { JsonObject } from '../../../apiserver/schema/schema.ts';

const time = '2026-01-01T00:00:00Z';
const condition: JsonObject = { type: 'Available', status: 'True', lastTransitionTime: time, reason: 'R', message: 'm' };
const state: JsonObject = { running: { startedAt: time } };

/** A status by the title of the sample it is written to: each likely mistake with it is probed through /status. */
export const statusSamples: Readonly<Record<string, JsonObject>> = {
  Pod: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }],
    hostIP: '1.2.3.4',
    podIP: '10.9.0.1',
    podIPs: [{ ip: '10.9.0.1' }],
    containerStatuses: [{ name: 'c', image: 'nginx', imageID: 'i', ready: true, restartCount: 0, state }],
  },
  'Node full': {
    capacity: { cpu: '4', pods: '10' },
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time, reason: 'R', message: 'm' }],
    addresses: [{ type: 'InternalIP', address: '1.2.3.4' }],
  },
  'Service lb': { loadBalancer: { ingress: [{ ip: '1.2.3.4', ports: [{ port: 80, protocol: 'TCP' }] }] } },
  Ingress: { loadBalancer: { ingress: [{ hostname: 'a.com' }, { ip: '1.2.3.4' }] } },
  PersistentVolumeClaim: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
  PersistentVolume: { phase: 'Bound', message: 'm', reason: 'r' },
  ResourceQuota: { hard: { pods: '1' }, used: { pods: '0' } },
  ReplicationController: { replicas: 2, readyReplicas: 1, availableReplicas: 1, observedGeneration: 1 },
  Deployment: {
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 1,
    availableReplicas: 1,
    unavailableReplicas: 1,
    observedGeneration: 1,
    collisionCount: 1,
    conditions: [{ ...condition, lastUpdateTime: time }],
  },
  ReplicaSet: { replicas: 2, fullyLabeledReplicas: 1, readyReplicas: 1, availableReplicas: 1, observedGeneration: 1 },
  StatefulSet: { replicas: 2, readyReplicas: 1, currentReplicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  DaemonSet: {
    currentNumberScheduled: 1,
    numberMisscheduled: 0,
    desiredNumberScheduled: 1,
    numberReady: 1,
    observedGeneration: 1,
    updatedNumberScheduled: 1,
    numberAvailable: 1,
  },
  Job: { startTime: time, active: 1, succeeded: 0, failed: 0, ready: 1 },
  'Job indexed': {
    startTime: time,
    completionTime: time,
    succeeded: 2,
    completedIndexes: '0-1',
    failedIndexes: '',
    conditions: [
      { type: 'SuccessCriteriaMet', status: 'True', lastProbeTime: time, lastTransitionTime: time },
      { type: 'Complete', status: 'True', lastProbeTime: time, lastTransitionTime: time },
    ],
  },
  CronJob: { lastScheduleTime: time, lastSuccessfulTime: time },
  HorizontalPodAutoscaler: { currentReplicas: 1, desiredReplicas: 2, conditions: [{ type: 'AbleToScale', status: 'True' }] },
  PodDisruptionBudget: {
    disruptionsAllowed: 1,
    currentHealthy: 1,
    desiredHealthy: 1,
    expectedPods: 1,
    observedGeneration: 1,
    conditions: [condition],
  },
};

/** Kinds with replicas that can be set through /scale. */
export const scalable: readonly string[] = ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'];
