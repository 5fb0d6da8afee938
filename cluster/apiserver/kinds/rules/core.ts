import { randomUUID } from 'node:crypto';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import type { KindRules } from '../kind-rules.ts';
import { dns1123Label, pathSegment } from '../validation/format.ts';
import {
  validateConfigMap,
  validateImmutable,
  validateNamespace,
  validateSecret,
  validateSecretUpdate,
} from '../validation/core.ts';
import { validateEndpoints, validateEndpointSlice } from '../validation/endpoints.ts';
import { fixed } from '../validation/fixed-fields.ts';
import { validateEvent, validateNewEvent, validateNewEventUpdate } from '../validation/event.ts';
import { validateLimitRange } from '../validation/limit-range.ts';
import { validateNode, validateNodeUpdate } from '../validation/node.ts';
import { validateNodeStatus, validateQuotaStatus } from '../validation/status.ts';
import { validateClaimUpdate, validateVolumeUpdate } from '../validation/storage-updates.ts';
import { nonNegative, positive } from '../validation/number.ts';
import { validateResourceQuota } from '../validation/quota.ts';
import { validateClaim, validateVolume } from '../validation/storage-kinds.ts';
import { warnOfEndpoints } from '../warnings/address-warnings.ts';
import { warnOfAccount, warnOfClaim, warnOfNode, warnOfPersistentVolume } from '../warnings/other-warnings.ts';
import { warnOfSecret } from '../warnings/tls-warnings.ts';
import {
  fieldsIn,
  items,
  optionalText,
  record,
  setAbsent,
  setAbsentAll,
  setDefault,
  specOf,
  textOf,
  texts,
  valueAt,
} from './set-default.ts';

const nameLabel = 'kubernetes.io/metadata.name';

/** Secrets are written as text in `stringData` and kept as base64 in `data`. */
function foldStringData(secret: ClusterObject): void {
  const given = record(secret['stringData']);
  delete secret['stringData'];
  if (!given) return;
  const encoded = Object.entries(given).map(
    ([key, value]) => [key, Buffer.from(textOf(value)).toString('base64')] as const,
  );
  if (encoded.length > 0) secret['data'] = { ...fieldsIn(secret['data']), ...Object.fromEntries(encoded) };
}

const involved =
  (field: string) =>
  (event: ClusterObject): unknown =>
    record(event['involvedObject'])?.[field];

/** Of containers a limit is what is allowed at most, and a request what is the limit, unless something else is said. */
function defaultLimitRange(object: ClusterObject): void {
  for (const limit of items(specOf(object)['limits'])) {
    if (limit['type'] !== 'Container') continue;
    const limits = { ...fieldsIn(limit['max']), ...fieldsIn(limit['default']) };
    const requests = { ...fieldsIn(limit['min']), ...limits, ...fieldsIn(limit['defaultRequest']) };
    if (Object.keys(limits).length > 0) limit['default'] = limits;
    if (Object.keys(requests).length > 0) limit['defaultRequest'] = requests;
  }
}

/** A node has all its pod ranges in a list, and the first of them by itself; it can give away what it has. */
function settleNode(node: ClusterObject): void {
  const status = record(node['status']);
  if (status?.['capacity'] && !status['allocatable']) status['allocatable'] = structuredClone(status['capacity']);
  const spec = specOf(node);
  const { podCIDR, podCIDRs } = spec;
  if (podCIDR) spec['podCIDRs'] = [podCIDR, ...texts(podCIDRs).slice(1)];
  else if (texts(podCIDRs).length > 0) spec['podCIDR'] = texts(podCIDRs)[0] ?? '';
}

function startPhase(object: ClusterObject): void {
  const status = record(object['status']);
  if (status) setDefault(status, 'phase', 'Pending');
}

/** What a claim is filled from: old clients know one field of it, new ones the other. */
function settleDataSources(claim: ClusterObject): void {
  const spec = specOf(claim);
  const [source, reference] = [record(spec['dataSource']), record(spec['dataSourceRef'])];
  if (source && !reference) {
    if (isKnownSource(source)) spec['dataSourceRef'] = structuredClone(source);
    else delete spec['dataSource'];
  } else if (reference && !source && !reference['namespace'] && isKnownSource(reference)) {
    spec['dataSource'] = structuredClone(reference);
  }
}

/** The only things that the older field may name. */
function isKnownSource(source: JsonObject): boolean {
  const group = optionalText(source['apiGroup']);
  if (group === '') return source['kind'] === 'PersistentVolumeClaim';
  return group === 'snapshot.storage.k8s.io' && source['kind'] === 'VolumeSnapshot';
}

/** Labels of a core event; the events.k8s.io view has other names for the same fields. */
const eventLabels: NonNullable<KindRules['fieldLabels']> = {
  'involvedObject.kind': involved('kind'),
  'involvedObject.namespace': involved('namespace'),
  'involvedObject.name': involved('name'),
  'involvedObject.uid': involved('uid'),
  'involvedObject.apiVersion': involved('apiVersion'),
  'involvedObject.resourceVersion': involved('resourceVersion'),
  'involvedObject.fieldPath': involved('fieldPath'),
  reason: valueAt('reason'),
  reportingComponent: valueAt('reportingComponent'),
  source: (event) => record(event['source'])?.['component'] ?? valueAt('reportingComponent')(event),
  type: valueAt('type'),
};

const regarding =
  (field: string) =>
  (event: ClusterObject): unknown =>
    record(event['regarding'])?.[field];

const regardingLabels: NonNullable<KindRules['fieldLabels']> = {
  ...Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((f) => [
      `regarding.${f}`,
      regarding(f),
    ]),
  ),
  reason: valueAt('reason'),
  reportingController: valueAt('reportingController'),
  type: valueAt('type'),
};

export const coreRules: Readonly<Record<string, KindRules>> = {
  '/Namespace': {
    name: dns1123Label,
    defaults(namespace) {
      if (namespace.metadata.name)
        namespace.metadata.labels = { ...namespace.metadata.labels, [nameLabel]: namespace.metadata.name };
    },
    prepareForCreate(namespace) {
      const spec = specOf(namespace);
      const finalizers = Array.isArray(spec['finalizers']) ? spec['finalizers'] : [];
      spec['finalizers'] = finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'];
      namespace['status'] = { phase: 'Active' };
    },
    prepareForUpdate(next, old) {
      next['spec'] = structuredClone(specOf(old));
    },
    validate: validateNamespace,
    fieldLabels: { 'status.phase': (namespace) => record(namespace['status'])?.['phase'] },
  },
  '/ConfigMap': { validate: validateConfigMap, validateUpdate: validateImmutable, changeIsChecked: 'first' },
  '/ResourceQuota': {
    validate: validateResourceQuota,
    validateUpdate: fixed('spec.scopes'),
    validateStatus: validateQuotaStatus,
  },
  '/Node': {
    statusOnCreate: true,
    checkedTwice: true,
    validate: validateNode,
    validateUpdate: validateNodeUpdate,
    validateStatus: validateNodeStatus,
    defaults: settleNode,
    warnings: warnOfNode,
    warnsOnUpdate: 'always',
    fieldLabels: { 'spec.unschedulable': (node) => record(node['spec'])?.['unschedulable'] ?? false },
  },
  '/Secret': {
    defaults(secret) {
      foldStringData(secret);
      if (!secret['type']) secret['type'] = 'Opaque';
    },
    validate: validateSecret,
    warnings: warnOfSecret,
    warnsOnUpdate: 'always',
    validateUpdate: validateSecretUpdate,
    changeIsChecked: 'first',
    fieldLabels: { type: valueAt('type') },
  },
  '/Endpoints': {
    validate: validateEndpoints,
    warnings: warnOfEndpoints,
    allowCreateOnUpdate: true,
    defaults(endpoints) {
      for (const subset of items(endpoints['subsets'])) {
        for (const port of items(subset['ports'])) setDefault(port, 'protocol', 'TCP');
      }
    },
  },
  'discovery.k8s.io/EndpointSlice': {
    generation: true,
    validate: validateEndpointSlice,
    validateUpdate: fixed('addressType'),
    warnings: (slice) => (slice['addressType'] === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
    defaults(slice) {
      for (const port of items(slice['ports'])) {
        setAbsentAll(port, { name: '', protocol: 'TCP' });
      }
    },
  },
  '/Event': { name: pathSegment, allowCreateOnUpdate: true, validate: validateEvent, fieldLabels: eventLabels },
  'events.k8s.io/Event': {
    name: pathSegment,
    allowCreateOnUpdate: true,
    validate: validateNewEvent,
    validateUpdate: validateNewEventUpdate,
    fieldLabels: regardingLabels,
  },
  '/LimitRange': {
    allowCreateOnUpdate: true,
    defaults: defaultLimitRange,
    prepareForCreate(object) {
      if (!object.metadata.name) object.metadata.name = randomUUID();
    },
    validate: validateLimitRange,
  },
  '/PersistentVolumeClaim': {
    checkedTwice: 'metadata',
    validate: validateClaim,
    validateUpdate: validateClaimUpdate,
    warnings: warnOfClaim,
    warnsOnUpdate: 'always',
    defaults(claim) {
      setAbsent(specOf(claim), 'volumeMode', 'Filesystem');
      startPhase(claim);
    },
    prepareForCreate(claim) {
      settleDataSources(claim);
      claim['status'] = { phase: 'Pending' };
    },
    prepareForUpdate: (claim) => settleDataSources(claim),
  },
  '/PersistentVolume': {
    validate: validateVolume,
    validateUpdate: validateVolumeUpdate,
    checkedTwice: true,
    warnings: warnOfPersistentVolume,
    warnsOnUpdate: 'always',
    defaults(volume) {
      const spec = specOf(volume);
      setDefault(spec, 'persistentVolumeReclaimPolicy', 'Retain');
      setAbsent(spec, 'volumeMode', 'Filesystem');
      startPhase(volume);
      const hostPath = record(spec['hostPath']);
      if (hostPath) hostPath['type'] ??= '';
    },
    prepareForCreate(volume, { now }) {
      volume['status'] = { phase: 'Pending', lastPhaseTransitionTime: now };
    },
  },
  '/ServiceAccount': { warnings: warnOfAccount, warnsOnUpdate: 'never' },
  'coordination.k8s.io/Lease': {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate: (lease) => [
      ...positive('spec.leaseDurationSeconds', specOf(lease)['leaseDurationSeconds']),
      ...nonNegative('spec.leaseTransitions', specOf(lease)['leaseTransitions']),
    ],
  },
};
