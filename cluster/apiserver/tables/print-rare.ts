import { items, record, textOf, texts } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOfObject as age, humanDuration } from './age.ts';
import type { Cells } from './table.ts';

const none = '<none>';
const spec = (object: JsonObject): JsonObject => record(object['spec']) ?? {};
const status = (object: JsonObject): JsonObject => record(object['status']) ?? {};
const text = (value: Json | undefined): string => (value === undefined || value === null ? none : textOf(value));

const flowSchema: Cells = (object, nowMs) => {
  const dangling = items(status(object)['conditions']).find((condition) => condition['type'] === 'Dangling');
  const state = textOf(dangling?.['status'] ?? '?');
  return [
    text(record(spec(object)['priorityLevelConfiguration'])?.['name']),
    Number(spec(object)['matchingPrecedence'] ?? 0),
    text(record(spec(object)['distinguisherMethod'])?.['type']),
    age(object, nowMs),
    state,
  ];
};

const priorityLevel: Cells = (object, nowMs) => {
  const limited = record(spec(object)['limited']);
  const queuing = record(record(limited?.['limitResponse'])?.['queuing']);
  const number = (value: Json | undefined): Json => (typeof value === 'number' ? value : none);
  return [
    text(spec(object)['type']),
    number(limited?.['nominalConcurrencyShares']),
    number(queuing?.['queues']),
    number(queuing?.['handSize']),
    number(queuing?.['queueLengthLimit']),
    age(object, nowMs),
  ];
};

const signingRequest: Cells = (object, nowMs) => {
  const conditions = items(status(object)['conditions']).map(({ type }) => textOf(type));
  const decision = conditions.includes('Denied') ? 'Denied' : conditions.includes('Approved') ? 'Approved' : 'Pending';
  const failed = conditions.includes('Failed') ? ',Failed' : '';
  const issued = status(object)['certificate'] ? ',Issued' : '';
  const { signerName, username, expirationSeconds } = spec(object);
  return [
    age(object, nowMs),
    textOf(signerName ?? none),
    textOf(username ?? ''),
    typeof expirationSeconds === 'number' ? humanDuration(expirationSeconds * 1000) : none,
    decision + failed + issued,
  ];
};

const csiDriver: Cells = (object, nowMs) => {
  const { attachRequired, podInfoOnMount, storageCapacity, tokenRequests, requiresRepublish, volumeLifecycleModes } =
    spec(object);
  const audiences = items(tokenRequests).map(({ audience }) => textOf(audience));
  return [
    attachRequired !== false,
    podInfoOnMount === true,
    storageCapacity === true,
    audiences.join(',') || '<unset>',
    requiresRepublish === true,
    texts(volumeLifecycleModes).join(',') || none,
    age(object, nowMs),
  ];
};

const paramRef = (value: Json | undefined): string => {
  const reference = record(value);
  if (!reference) return '<unset>';
  const { namespace, name, apiVersion, kind } = reference;
  if (kind !== undefined) return `${textOf(apiVersion)}/${textOf(kind)}`;
  return namespace ? `${textOf(namespace)}/${textOf(name ?? '*')}` : textOf(name ?? '*');
};

const policy =
  (list: string): Cells =>
  (object, nowMs) => [items(spec(object)[list]).length, paramRef(spec(object)['paramKind']), age(object, nowMs)];

const policyBinding: Cells = (object, nowMs) => [
  textOf(spec(object)['policyName'] ?? ''),
  paramRef(spec(object)['paramRef']),
  age(object, nowMs),
];

function claimState(claim: JsonObject): string {
  const states = [
    record(claim['metadata'])?.['deletionTimestamp'] ? 'deleted' : '',
    status(claim)['allocation'] ? 'allocated' : '',
    items(status(claim)['reservedFor']).length > 0 ? 'reserved' : '',
  ].filter((state) => state !== '');
  return states.join(',') || 'pending';
}

const admission = 'admissionregistration.k8s.io';

/** Cells after the name of kinds that are looked at seldom, by `group/Kind`. */
export const rarePrinters: Readonly<Record<string, Cells>> = {
  'flowcontrol.apiserver.k8s.io/FlowSchema': flowSchema,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': priorityLevel,
  'certificates.k8s.io/CertificateSigningRequest': signingRequest,
  // the age is there without a column for it, as the real server has it
  'networking.k8s.io/IPAddress': (object, nowMs) => {
    const { resource, namespace, name } = record(spec(object)['parentRef']) ?? {};
    return [[resource, namespace, name].filter(Boolean).map(String).join('/'), age(object, nowMs)];
  },
  'networking.k8s.io/ServiceCIDR': (object, nowMs) => [texts(spec(object)['cidrs']).join(','), age(object, nowMs)],
  'storage.k8s.io/VolumeAttributesClass': (object, nowMs) => [textOf(object['driverName'] ?? ''), age(object, nowMs)],
  'resource.k8s.io/ResourceClaim': (object, nowMs) => [claimState(object), age(object, nowMs)],
  'resource.k8s.io/ResourceSlice': (object, nowMs) => [
    textOf(spec(object)['nodeName'] ?? ''),
    textOf(spec(object)['driver'] ?? ''),
    textOf(record(spec(object)['pool'])?.['name'] ?? ''),
    age(object, nowMs),
  ],
  'storage.k8s.io/CSINode': (object, nowMs) => [items(spec(object)['drivers']).length, age(object, nowMs)],
  'storage.k8s.io/CSIDriver': csiDriver,
  'storage.k8s.io/VolumeAttachment': (object, nowMs) => [
    textOf(spec(object)['attacher'] ?? ''),
    textOf(record(spec(object)['source'])?.['persistentVolumeName'] ?? ''),
    textOf(spec(object)['nodeName'] ?? ''),
    status(object)['attached'] === true,
    age(object, nowMs),
  ],
  [`${admission}/ValidatingAdmissionPolicy`]: policy('validations'),
  [`${admission}/MutatingAdmissionPolicy`]: policy('mutations'),
  [`${admission}/ValidatingAdmissionPolicyBinding`]: policyBinding,
  [`${admission}/MutatingAdmissionPolicyBinding`]: policyBinding,
};
