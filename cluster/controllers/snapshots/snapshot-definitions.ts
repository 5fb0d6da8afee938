import type { ClusterObject } from '../../client.ts';
import { snapshotGroup } from './snapshot-kinds.ts';

type Properties = Readonly<Record<string, object>>;

const text = { type: 'string' };
const flag = { type: 'boolean' };
const time = { type: 'string', format: 'date-time' };
const integer = (more: object = {}): object => ({ type: 'integer', format: 'int64', ...more });
const object = (properties: Properties, more: object = {}): object => ({ type: 'object', properties, ...more });
const deletionPolicy = { type: 'string', enum: ['Delete', 'Retain'] };
const failure = object({ message: text, time });
const immutable = (field: string): object => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} is immutable` }],
});
const keeps = (field: string): object => ({
  rule: `!has(oldSelf.${field}) || has(self.${field})`,
  message: `${field} is required once set`,
});
const oneOf = (a: string, b: string): object => ({
  rule: `has(self.${a}) != has(self.${b})`,
  message: `exactly one of ${a} and ${b} must be set`,
});
const quantity = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern:
    '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  'x-kubernetes-int-or-string': true,
};

interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly isNamespaced: boolean;
  readonly properties: Properties;
  readonly required: readonly string[];
  readonly hasStatus: boolean;
  /** Name, type and JSON path. */
  readonly columns: readonly (readonly [name: string, type: string, jsonPath: string])[];
}

const age = ['Age', 'date', '.metadata.creationTimestamp'] as const;

const snapshotClass: Kind = {
  kind: 'VolumeSnapshotClass',
  plural: 'volumesnapshotclasses',
  shortNames: ['vsclass', 'vsclasses'],
  isNamespaced: false,
  properties: { driver: text, deletionPolicy, parameters: { type: 'object', additionalProperties: text } },
  required: ['deletionPolicy', 'driver'],
  hasStatus: false,
  columns: [['Driver', 'string', '.driver'], ['DeletionPolicy', 'string', '.deletionPolicy'], age],
};

const snapshot: Kind = {
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
  shortNames: ['vs'],
  isNamespaced: true,
  properties: {
    spec: object(
      {
        source: object(
          {
            persistentVolumeClaimName: { ...text, ...immutable('persistentVolumeClaimName') },
            volumeSnapshotContentName: { ...text, ...immutable('volumeSnapshotContentName') },
          },
          {
            'x-kubernetes-validations': [
              keeps('persistentVolumeClaimName'),
              keeps('volumeSnapshotContentName'),
              oneOf('volumeSnapshotContentName', 'persistentVolumeClaimName'),
            ],
          },
        ),
        volumeSnapshotClassName: {
          ...text,
          'x-kubernetes-validations': [
            { rule: 'size(self) > 0', message: 'volumeSnapshotClassName must not be the empty string when set' },
          ],
        },
      },
      { required: ['source'] },
    ),
    status: object({
      boundVolumeSnapshotContentName: text,
      creationTime: time,
      error: failure,
      readyToUse: flag,
      restoreSize: quantity,
      volumeGroupSnapshotName: text,
    }),
  },
  required: ['spec'],
  hasStatus: true,
  columns: [
    ['ReadyToUse', 'boolean', '.status.readyToUse'],
    ['SourcePVC', 'string', '.spec.source.persistentVolumeClaimName'],
    ['SourceSnapshotContent', 'string', '.spec.source.volumeSnapshotContentName'],
    ['RestoreSize', 'string', '.status.restoreSize'],
    ['SnapshotClass', 'string', '.spec.volumeSnapshotClassName'],
    ['SnapshotContent', 'string', '.status.boundVolumeSnapshotContentName'],
    ['CreationTime', 'date', '.status.creationTime'],
    age,
  ],
};

const content: Kind = {
  kind: 'VolumeSnapshotContent',
  plural: 'volumesnapshotcontents',
  shortNames: ['vsc', 'vscs'],
  isNamespaced: false,
  properties: {
    spec: object(
      {
        deletionPolicy,
        driver: text,
        source: object(
          {
            snapshotHandle: { ...text, ...immutable('snapshotHandle') },
            volumeHandle: { ...text, ...immutable('volumeHandle') },
          },
          {
            'x-kubernetes-validations': [
              keeps('volumeHandle'),
              keeps('snapshotHandle'),
              oneOf('volumeHandle', 'snapshotHandle'),
            ],
          },
        ),
        sourceVolumeMode: { ...text, ...immutable('sourceVolumeMode') },
        volumeSnapshotClassName: text,
        volumeSnapshotRef: object(
          {
            apiVersion: text,
            fieldPath: text,
            kind: text,
            name: text,
            namespace: text,
            resourceVersion: text,
            uid: text,
          },
          {
            'x-kubernetes-map-type': 'atomic',
            'x-kubernetes-validations': [
              {
                rule: 'has(self.name) && has(self.__namespace__)',
                message: 'both volumeSnapshotRef.name and volumeSnapshotRef.namespace must be set',
              },
            ],
          },
        ),
      },
      {
        required: ['deletionPolicy', 'driver', 'source', 'volumeSnapshotRef'],
        'x-kubernetes-validations': [keeps('sourceVolumeMode')],
      },
    ),
    status: object({
      creationTime: integer(),
      error: failure,
      readyToUse: flag,
      restoreSize: integer({ minimum: 0 }),
      snapshotHandle: text,
      volumeGroupSnapshotHandle: text,
    }),
  },
  required: ['spec'],
  hasStatus: true,
  columns: [
    ['ReadyToUse', 'boolean', '.status.readyToUse'],
    ['RestoreSize', 'integer', '.status.restoreSize'],
    ['DeletionPolicy', 'string', '.spec.deletionPolicy'],
    ['Driver', 'string', '.spec.driver'],
    ['VolumeSnapshotClass', 'string', '.spec.volumeSnapshotClassName'],
    ['VolumeSnapshot', 'string', '.spec.volumeSnapshotRef.name'],
    ['VolumeSnapshotNamespace', 'string', '.spec.volumeSnapshotRef.namespace'],
    age,
  ],
};

function definition({ kind, plural, shortNames, isNamespaced, ...rest }: Kind): ClusterObject {
  const { properties, required, hasStatus, columns } = rest;
  const schema = { apiVersion: text, kind: text, metadata: { type: 'object' }, ...properties };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: object(schema, { required }) },
    additionalPrinterColumns: columns.map(([name, type, jsonPath]) => ({ name, type, jsonPath })),
    ...(hasStatus && { subresources: { status: {} } }),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${snapshotGroup}`,
      // Where the owners of the group have agreed to these kinds; without it the definition is marked as unapproved.
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-csi/external-snapshotter/pull/814' },
    },
    spec: {
      group: snapshotGroup,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames },
      scope: isNamespaced ? 'Namespaced' : 'Cluster',
      versions: [version],
    },
  };
}

/** The definitions of snapshots, their contents and their classes. */
export const snapshotDefinitions: readonly ClusterObject[] = [snapshotClass, snapshot, content].map(definition);
