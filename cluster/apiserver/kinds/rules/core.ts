import type { ClusterObject } from '../../../client.ts';
import type { KindRules } from '../kind-rules.ts';
import { dns1123Label, pathSegment } from '../validation/format.ts';
import {
  validateConfigMap,
  validateEndpoints,
  validateEndpointSlice,
  validateEvent,
  validateImmutable,
  validateNode,
  validateResourceQuota,
  validateSecret,
  validateSecretUpdate,
} from '../validation/core.ts';
import { positive } from '../validation/number.ts';
import { validateClaimSpec, validateVolumeSpec } from '../validation/storage.ts';
import { fieldsIn, items, record, setDefault, setDefaults, specOf, textOf, valueAt } from './set-default.ts';

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
    fieldLabels: { 'status.phase': (namespace) => record(namespace['status'])?.['phase'] },
  },
  '/ConfigMap': { validate: validateConfigMap, validateUpdate: validateImmutable },
  '/ResourceQuota': { validate: validateResourceQuota },
  '/Node': {
    validate: validateNode,
    fieldLabels: { 'spec.unschedulable': (node) => record(node['spec'])?.['unschedulable'] ?? false },
  },
  '/Secret': {
    defaults(secret) {
      foldStringData(secret);
      if (!secret['type']) secret['type'] = 'Opaque';
    },
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
    fieldLabels: { type: valueAt('type') },
  },
  '/Endpoints': {
    validate: validateEndpoints,
    allowCreateOnUpdate: true,
    defaults(endpoints) {
      for (const subset of items(endpoints['subsets'])) {
        for (const port of items(subset['ports'])) setDefault(port, 'protocol', 'TCP');
      }
    },
    warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  },
  'discovery.k8s.io/EndpointSlice': {
    generation: true,
    validate: validateEndpointSlice,
    defaults(slice) {
      for (const port of items(slice['ports'])) {
        port['name'] ??= '';
        setDefault(port, 'protocol', 'TCP');
      }
    },
  },
  '/Event': { name: pathSegment, allowCreateOnUpdate: true, validate: validateEvent, fieldLabels: eventLabels },
  'events.k8s.io/Event': { name: pathSegment, allowCreateOnUpdate: true, fieldLabels: regardingLabels },
  '/LimitRange': {
    allowCreateOnUpdate: true,
    defaults(object) {
      for (const limit of items(specOf(object)['limits'])) {
        if (limit['type'] !== 'Container') continue;
        const max = record(limit['max']) ?? {};
        const defaults = { ...max, ...(record(limit['default']) ?? {}) };
        const requests = { ...defaults, ...(record(limit['min']) ?? {}), ...(record(limit['defaultRequest']) ?? {}) };
        if (Object.keys(defaults).length > 0) limit['default'] = defaults;
        if (Object.keys(requests).length > 0) limit['defaultRequest'] = requests;
      }
    },
  },
  '/PersistentVolumeClaim': {
    validate: (claim) => validateClaimSpec(specOf(claim), 'spec'),
    defaults: (claim) => setDefault(specOf(claim), 'volumeMode', 'Filesystem'),
    prepareForCreate(claim) {
      claim['status'] = { phase: 'Pending' };
    },
  },
  '/PersistentVolume': {
    validate: (volume) => validateVolumeSpec(specOf(volume)),
    defaults(volume) {
      const spec = specOf(volume);
      setDefaults(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
      const hostPath = record(spec['hostPath']);
      if (hostPath) hostPath['type'] ??= '';
    },
    prepareForCreate(volume, { now }) {
      volume['status'] = { phase: 'Pending', lastPhaseTransitionTime: now };
    },
  },
  'coordination.k8s.io/Lease': {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate: (lease) => positive('spec.leaseDurationSeconds', specOf(lease)['leaseDurationSeconds']),
  },
};
