import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { badRequest } from '../../store/api-errors.ts';
import type { KindRules } from '../kind-rules.ts';
import { dns1123Label, longName } from '../validation/format.ts';
import { isDeepStrictEqual } from 'node:util';
import { invalid, required } from '../validation/cause.ts';
import { nonNegative } from '../validation/number.ts';
import { counted, replicaCounts } from '../validation/status.ts';
import { validatePodTemplate } from '../validation/pod-spec.ts';
import {
  validateDaemonSet,
  validateDeployment,
  validateReplicaSet,
  validateReplicationController,
  validateSelectorUnchanged,
  validateStatefulSet,
  validateStatefulSetUpdate,
  withPolicy,
} from '../validation/workload.ts';
import { warnOfClaimTemplates, warnOfDeployment } from '../warnings/other-warnings.ts';
import { warnOfTemplate } from '../warnings/pod-warnings.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { items, record, setAbsentAll, setDefault, setDefaults, specOf, textOf, valueAt } from './set-default.ts';

const historyLimit = 10;

function defaultDeployment(object: ClusterObject): void {
  const spec = specOf(object);
  setDefaults(spec, { replicas: 1, revisionHistoryLimit: historyLimit, progressDeadlineSeconds: 600 });
  const strategy = record(spec['strategy']) ?? {};
  spec['strategy'] = strategy;
  setDefault(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') {
    strategy['rollingUpdate'] ??= {};
    setAbsentAll(strategy['rollingUpdate'] as JsonObject, { maxUnavailable: '25%', maxSurge: '25%' }); // by the schema of the kind
  }
  defaultPodTemplate(spec['template']);
}

function defaultReplicaSet(object: ClusterObject): void {
  const spec = specOf(object);
  setDefault(spec, 'replicas', 1);
  defaultPodTemplate(spec['template']);
}

function defaultStatefulSet(object: ClusterObject): void {
  const spec = specOf(object);
  setDefaults(spec, { replicas: 1, revisionHistoryLimit: historyLimit, podManagementPolicy: 'OrderedReady' });
  const update = record(spec['updateStrategy']) ?? {};
  spec['updateStrategy'] = update;
  if (!update['type']) {
    update['type'] = 'RollingUpdate';
    update['rollingUpdate'] ??= {};
  }
  const rolling = record(update['rollingUpdate']);
  if (update['type'] === 'RollingUpdate' && rolling) setAbsentAll(rolling, { partition: 0 });
  const retention = record(spec['persistentVolumeClaimRetentionPolicy']) ?? {};
  spec['persistentVolumeClaimRetentionPolicy'] = retention;
  setDefaults(retention, { whenDeleted: 'Retain', whenScaled: 'Retain' });
  for (const claim of items(spec['volumeClaimTemplates'])) {
    Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }); // whatever the client calls it
    setDefault(specOf(claim), 'volumeMode', 'Filesystem');
    claim['status'] = { phase: 'Pending', ...record(claim['status']) };
  }
  defaultPodTemplate(spec['template']);
}

/** How many pods of a set may be away at once is not for a server to decide that has the feature switched off. */
function dropUnservedFields(object: ClusterObject): void {
  const rolling = record(record(specOf(object)['updateStrategy'])?.['rollingUpdate']);
  if (rolling) delete rolling['maxUnavailable'];
}

function warnOfStatefulSet(object: ClusterObject): string[] {
  const note = 'a negative value retains all historical revisions; a value >= 0 is recommended';
  const negative = Number(specOf(object)['revisionHistoryLimit'] ?? 0) < 0;
  return [
    ...warnOfTemplate('spec.template')(object),
    ...warnOfClaimTemplates(object),
    ...(negative ? [`spec.revisionHistoryLimit: ${note}`] : []),
  ];
}

function defaultDaemonSet(object: ClusterObject): void {
  const spec = specOf(object);
  setDefault(spec, 'revisionHistoryLimit', historyLimit);
  const update = record(spec['updateStrategy']) ?? {};
  spec['updateStrategy'] = update;
  setDefault(update, 'type', 'RollingUpdate');
  if (update['type'] === 'RollingUpdate') {
    update['rollingUpdate'] ??= {};
    setAbsentAll(update['rollingUpdate'] as JsonObject, { maxUnavailable: 1, maxSurge: 0 }); // by the schema of the kind
  }
  defaultPodTemplate(spec['template']);
}

const templateGeneration = 'deprecated.daemonset.template.generation';

/** The annotation is a number, or the object cannot be read at all. */
function readDaemonSet(object: ClusterObject): void {
  const text = object.metadata.annotations?.[templateGeneration];
  if (text !== undefined && !/^[-+]?\d+$/.test(text)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw badRequest(`DaemonSet in version "v1" cannot be handled as a DaemonSet: ${why}`);
  }
  defaultDaemonSet(object);
}

function setTemplateGeneration(object: ClusterObject, generation: number): void {
  object.metadata.annotations = { ...object.metadata.annotations, [templateGeneration]: textOf(generation) };
}

const deploymentStatus = replicaCounts({
  parts: ['updatedReplicas', 'readyReplicas', 'availableReplicas'],
  others: ['unavailableReplicas', 'observedGeneration', 'collisionCount'],
  ready: 'readyReplicas',
});
const replicaSetStatus = replicaCounts({
  parts: ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
  others: ['observedGeneration'],
  ready: 'readyReplicas',
});
const statefulSetStatus = replicaCounts({
  parts: ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
  others: ['observedGeneration', 'collisionCount'],
  ready: 'status.readyReplicas',
});
const daemonSetStatus = counted(
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
);

export const appsRules: Readonly<Record<string, KindRules>> = {
  'apps/Deployment': {
    generation: true,
    annotationsCount: true,
    defaults: defaultDeployment,
    warnings: warnOfDeployment,
    validate: validateDeployment,
    validateUpdate: validateSelectorUnchanged,
    validateStatus: deploymentStatus,
    prepareForStatusUpdate(next, { metadata: { labels } }) {
      if (labels) next.metadata.labels = structuredClone(labels);
      else delete next.metadata.labels;
    },
  },
  'apps/ReplicaSet': {
    generation: true,
    defaults: defaultReplicaSet,
    warnings: warnOfTemplate('spec.template'),
    validate: validateReplicaSet,
    validateUpdate: validateSelectorUnchanged,
    validateStatus: replicaSetStatus,
  },
  'apps/StatefulSet': {
    name: dns1123Label,
    generation: true,
    defaults: defaultStatefulSet,
    prepareForCreate: dropUnservedFields,
    prepareForUpdate: dropUnservedFields,
    validate: validateStatefulSet,
    warnings: warnOfStatefulSet,
    validateUpdate: validateStatefulSetUpdate,
    validateStatus: statefulSetStatus,
  },
  'apps/DaemonSet': {
    generation: true,
    defaults: readDaemonSet,
    warnings: warnOfTemplate('spec.template'),
    validate: validateDaemonSet,
    validateUpdate: validateSelectorUnchanged,
    changeIsChecked: 'first',
    validateStatus: daemonSetStatus,
    prepareForCreate: (object) => setTemplateGeneration(object, 1),
    prepareForUpdate(next, old) {
      const before = Number(old.metadata.annotations?.[templateGeneration] ?? 1);
      const changed = !isDeepStrictEqual(specOf(next)['template'], specOf(old)['template']);
      setTemplateGeneration(next, changed ? before + 1 : before);
    },
  },
  'apps/ControllerRevision': {
    validate: (object) => [
      ...(object['data'] === undefined ? [required('data', 'data is mandatory')] : []),
      ...nonNegative('revision', object['revision']),
    ],
    validateUpdate: (next, old) =>
      isDeepStrictEqual(next['data'], old['data']) ? [] : [invalid('data', next['data'], 'field is immutable')],
  },
  '/ReplicationController': {
    name: longName,
    generation: true,
    defaults(object) {
      const spec = specOf(object);
      setDefault(spec, 'replicas', 1);
      defaultPodTemplate(spec['template']);
      const labels = record(record(record(spec['template'])?.['metadata'])?.['labels']);
      if (!labels) return;
      setDefault(spec, 'selector', labels);
      if (!object.metadata.labels || Object.keys(object.metadata.labels).length === 0) {
        object.metadata.labels = { ...(labels as Record<string, string>) }; // labels are texts by schema
      }
    },
    validate: validateReplicationController,
    warnings: warnOfTemplate('spec.template'),
    validateStatus: replicaSetStatus,
    fieldLabels: { 'status.replicas': valueAt('status.replicas', 0) },
  },
  '/PodTemplate': {
    generation: true,
    defaults: (object) => defaultPodTemplate(object['template']),
    warnings: warnOfTemplate('template'),
    validate: (object) => validatePodTemplate(withPolicy(object['template']), 'template'),
  },
};
