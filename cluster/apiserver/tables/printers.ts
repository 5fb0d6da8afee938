import { items, record, textOf, texts } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOfObject as age } from './age.ts';
import { printAutoscaler } from './print-autoscaler.ts';
import { printEvent } from './print-event.ts';
import { printNode } from './print-node.ts';
import { printPod } from './print-pod.ts';
import { rarePrinters } from './print-rare.ts';
import { printClaim, printVolume } from './print-storage.ts';
import { printIngress, printService } from './print-service.ts';
import { printWorkload } from './print-workload.ts';
import type { Cells } from './table.ts';

const none = '<none>';

const createdAt: Cells = (object) => [record(object['metadata'])?.['creationTimestamp'] ?? null];
const sizeOf = (value: Json | undefined): number => Object.keys(record(value) ?? {}).length;
const spec = (object: JsonObject): JsonObject => record(object['spec']) ?? {};
const status = (object: JsonObject): JsonObject => record(object['status']) ?? {};

const maxShown = 3;

function joined(list: readonly string[]): string {
  if (list.length === 0) return none;
  return list.length > maxShown
    ? `${list.slice(0, maxShown).join(',')} + ${list.length - maxShown} more...`
    : list.join(',');
}

const printEndpoints: Cells = (object, nowMs) => {
  const addresses = items(object['subsets']).flatMap((subset) => {
    const ports = items(subset['ports']).map((port) => Number(port['port']));
    const ips = items(subset['addresses']).map((address) => textOf(address['ip']));
    if (ports.length === 0) return ips;
    return ips.flatMap((ip) => ports.map((port) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`));
  });
  // addresses that are not ready are not shown, but they are there
  const isEmpty = items(object['subsets']).length === 0;
  return [addresses.length > 0 || isEmpty ? joined(addresses) : '', age(object, nowMs)];
};

const printEndpointSlice: Cells = (object, nowMs) => {
  const ports = items(object['ports']).map((port) => (port['port'] === undefined ? '*' : textOf(port['port'])));
  const addresses = items(object['endpoints']).flatMap((endpoint) => texts(endpoint['addresses']));
  const unset = '<unset>';
  return [
    textOf(object['addressType'] ?? ''),
    ports.length === 0 ? unset : joined(ports),
    addresses.length === 0 ? unset : joined(addresses),
    age(object, nowMs),
  ];
};

const subjectsOf = (object: JsonObject, kind: string): string =>
  items(object['subjects'])
    .filter((subject) => subject['kind'] === kind)
    .map(({ namespace, name }) =>
      kind === 'ServiceAccount' ? `${textOf(namespace ?? '')}/${textOf(name)}` : textOf(name),
    )
    .join(', ');

const printBinding: Cells = (object, nowMs) => {
  const role = record(object['roleRef']);
  return [
    `${textOf(role?.['kind'])}/${textOf(role?.['name'])}`,
    age(object, nowMs),
    subjectsOf(object, 'User'),
    subjectsOf(object, 'Group'),
    subjectsOf(object, 'ServiceAccount'),
  ];
};

function countOf(field: string): Cells {
  return (object, nowMs) => [items(object[field]).length, age(object, nowMs)];
}

function budget(value: Json | undefined): string {
  return value === undefined || value === null ? 'N/A' : textOf(value);
}

function quota(object: JsonObject, part: 'requests' | 'limits'): string {
  const { hard, used } = status(object);
  return Object.keys(record(hard) ?? {})
    .filter((name) => name.startsWith('limits.') === (part === 'limits'))
    .sort()
    .map((name) => `${name}: ${textOf(record(used)?.[name] ?? 0)}/${textOf(record(hard)?.[name])}`)
    .join(', ');
}

const printController: Cells = (object, nowMs) => {
  const owner = items(record(object['metadata'])?.['ownerReferences']).find(
    (reference) => reference['controller'] === true,
  );
  const group = textOf(owner?.['apiVersion'] ?? '').split('/');
  const kind = textOf(owner?.['kind'] ?? '').toLowerCase() + (group.length === 2 ? `.${textOf(group[0])}` : '');
  return [owner ? `${kind}/${textOf(owner['name'])}` : none, Number(object['revision'] ?? 0), age(object, nowMs)];
};

/** Cells after the name, by `group/Kind`. A kind that is not here shows its age. */
export const printers: Readonly<Record<string, Cells>> = {
  ...rarePrinters,
  '/ConfigMap': (object, nowMs) => [sizeOf(object['data']) + sizeOf(object['binaryData']), age(object, nowMs)],
  '/Secret': (object, nowMs) => [textOf(object['type'] ?? ''), sizeOf(object['data']), age(object, nowMs)],
  '/Namespace': (object, nowMs) => [textOf(status(object)['phase'] ?? ''), age(object, nowMs)],
  '/ServiceAccount': (object, nowMs) => [age(object, nowMs)],
  '/LimitRange': createdAt,
  '/ResourceQuota': (object, nowMs) => [quota(object, 'requests'), quota(object, 'limits'), age(object, nowMs)],
  '/Endpoints': printEndpoints,
  '/Event': printEvent,
  'events.k8s.io/Event': printEvent,
  '/Node': printNode,
  '/Pod': printPod,
  '/Service': printService,
  '/PersistentVolume': printVolume,
  '/PersistentVolumeClaim': printClaim,
  '/PodTemplate': printWorkload.podTemplate,
  '/ReplicationController': printWorkload.replicaSet,
  'apps/Deployment': printWorkload.deployment,
  'apps/ReplicaSet': printWorkload.replicaSet,
  'apps/StatefulSet': printWorkload.statefulSet,
  'apps/DaemonSet': printWorkload.daemonSet,
  'apps/ControllerRevision': printController,
  'batch/Job': printWorkload.job,
  'batch/CronJob': printWorkload.cronJob,
  'autoscaling/HorizontalPodAutoscaler': printAutoscaler,
  'discovery.k8s.io/EndpointSlice': printEndpointSlice,
  'networking.k8s.io/Ingress': printIngress,
  'networking.k8s.io/IngressClass': (object, nowMs) => {
    const { controller, parameters } = spec(object);
    const used = record(parameters);
    return [
      textOf(controller ?? ''),
      used ? `${[used['kind'], used['apiGroup']].filter(Boolean).map(String).join('.')}/${textOf(used['name'])}` : none,
      age(object, nowMs),
    ];
  },
  'networking.k8s.io/NetworkPolicy': (object, nowMs) => [
    printWorkload.selector(spec(object)['podSelector']),
    age(object, nowMs),
  ],
  'policy/PodDisruptionBudget': (object, nowMs) => [
    budget(spec(object)['minAvailable']),
    budget(spec(object)['maxUnavailable']),
    Number(status(object)['disruptionsAllowed'] ?? 0),
    age(object, nowMs),
  ],
  'coordination.k8s.io/Lease': (object, nowMs) => [textOf(spec(object)['holderIdentity'] ?? ''), age(object, nowMs)],
  'rbac.authorization.k8s.io/Role': createdAt,
  'rbac.authorization.k8s.io/ClusterRole': createdAt,
  'rbac.authorization.k8s.io/RoleBinding': printBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': printBinding,
  'apiextensions.k8s.io/CustomResourceDefinition': createdAt,
  'storage.k8s.io/StorageClass': (object, nowMs) => [
    textOf(object['provisioner'] ?? ''),
    textOf(object['reclaimPolicy'] ?? 'Delete'),
    textOf(object['volumeBindingMode'] ?? 'Immediate'),
    object['allowVolumeExpansion'] === true,
    age(object, nowMs),
  ],
  'scheduling.k8s.io/PriorityClass': (object, nowMs) => [
    Number(object['value'] ?? 0),
    object['globalDefault'] === true,
    age(object, nowMs),
    textOf(object['preemptionPolicy'] ?? ''),
  ],
  'node.k8s.io/RuntimeClass': (object, nowMs) => [textOf(object['handler'] ?? ''), age(object, nowMs)],
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': countOf('webhooks'),
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': countOf('webhooks'),
  'apiregistration.k8s.io/APIService': (object, nowMs) => {
    const service = record(spec(object)['service']);
    const available = items(status(object)['conditions']).find((condition) => condition['type'] === 'Available');
    const state = textOf(available?.['status'] ?? 'Unknown');
    const why = state !== 'True' && available?.['reason'] ? ` (${textOf(available['reason'])})` : '';
    return [
      service ? `${textOf(service['namespace'])}/${textOf(service['name'])}` : 'Local',
      state + why,
      age(object, nowMs),
    ];
  },
};
