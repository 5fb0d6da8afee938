import {
  boolType,
  dynType,
  intType,
  listType,
  mapType,
  stringType,
  structType,
  timestampType,
  type CelType,
} from '../../cel/types/cel-type.ts';

function struct(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  const known = new Map(Object.entries(fields));
  return structType(`kubernetes.${name}`, (field) => known.get(field));
}

const texts = listType(stringType);
const textMap = mapType(stringType, stringType);
const kind = struct('GroupVersionKind', { group: stringType, version: stringType, kind: stringType });
const resource = struct('GroupVersionResource', { group: stringType, version: stringType, resource: stringType });
const user = struct('UserInfo', {
  username: stringType,
  uid: stringType,
  groups: texts,
  extra: mapType(stringType, texts),
});

/** The type of `request`. */
export const requestType = struct('AdmissionRequest', {
  kind,
  resource,
  subResource: stringType,
  requestKind: kind,
  requestResource: resource,
  requestSubResource: stringType,
  name: stringType,
  namespace: stringType,
  operation: stringType,
  userInfo: user,
  dryRun: boolType,
  options: dynType,
});

const condition = struct('NamespaceCondition', {
  status: stringType,
  type: stringType,
  lastTransitionTime: timestampType,
  message: stringType,
  reason: stringType,
});

/** The type of `namespaceObject`: a namespace without what only its controllers need. */
export const namespaceType = struct('Namespace', {
  metadata: struct('NamespaceMetadata', {
    name: stringType,
    generateName: stringType,
    namespace: stringType,
    labels: textMap,
    annotations: textMap,
    UID: stringType,
    creationTimestamp: timestampType,
    deletionGracePeriodSeconds: intType,
    deletionTimestamp: timestampType,
    generation: intType,
    resourceVersion: stringType,
    finalizers: texts,
  }),
  spec: struct('NamespaceSpec', { finalizers: texts }),
  status: struct('NamespaceStatus', { conditions: listType(condition), phase: stringType }),
});
