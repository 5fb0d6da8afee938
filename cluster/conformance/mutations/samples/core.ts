import type { JsonObject } from '../../../apiserver/schema/schema.ts';
import { namespace, pod, sample, selector, template, type Sample } from './sample.ts';

const services = 'v1 services Service';
const secrets = 'v1 secrets Secret';
const claims = 'v1 persistentvolumeclaims PersistentVolumeClaim';
const volumes = 'v1 persistentvolumes PersistentVolume*';
const claimSpec: JsonObject = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const volumeSpec: JsonObject = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] };

const storage: readonly Sample[] = [
  sample(claims, '', { spec: claimSpec }),
  sample(claims, 'full', {
    spec: {
      ...claimSpec,
      selector,
      storageClassName: 'fast',
      volumeMode: 'Block',
      volumeName: 'v',
      dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' },
    },
  }),
  sample(volumes, '', { spec: { ...volumeSpec, hostPath: { path: '/x' } } }),
  sample(volumes, 'csi', {
    spec: {
      ...volumeSpec,
      csi: { driver: 'a.com', volumeHandle: 'h', fsType: 'ext4', nodeStageSecretRef: { name: 's', namespace: 'n' } },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'fast',
      mountOptions: ['ro'],
      claimRef: { kind: 'PersistentVolumeClaim', namespace: 'n', name: 'c' },
    },
  }),
  sample(volumes, 'local', {
    spec: {
      ...volumeSpec,
      local: { path: '/x' },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'k', operator: 'In', values: ['v'] }] }] },
      },
    },
  }),
  sample(volumes, 'nfs', { spec: { ...volumeSpec, nfs: { server: 's', path: '/p', readOnly: true } } }),
];

const network: readonly Sample[] = [
  sample(services, '', { spec: { ports: [{ port: 80 }], selector: { a: 'b' } } }),
  sample(services, 'two', {
    spec: {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80, targetPort: 'web' },
        { name: 'b', port: 81, protocol: 'UDP' },
      ],
    },
  }),
  sample(services, 'headless', { spec: { clusterIP: 'None', selector: { a: 'b' } } }),
  sample(services, 'external', { spec: { type: 'ExternalName', externalName: 'e.com' } }),
  sample(services, 'lb', { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }),
  sample(services, 'full', {
    spec: {
      type: 'LoadBalancer',
      ports: [{ name: 'a', port: 80, nodePort: 30_777, appProtocol: 'http' }],
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } },
      externalTrafficPolicy: 'Local',
      externalIPs: ['1.2.3.4'],
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      loadBalancerClass: 'a.com/b',
      ipFamilyPolicy: 'PreferDualStack',
      ipFamilies: ['IPv4'],
      publishNotReadyAddresses: true,
      trafficDistribution: 'PreferClose',
    },
  }),
  sample('v1 endpoints Endpoints', '', { subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }] }),
  sample('v1 endpoints Endpoints', 'two', {
    subsets: [
      {
        notReadyAddresses: [{ ip: '1.2.3.4', hostname: 'h', nodeName: 'n', targetRef: { kind: 'Pod', name: 'p' } }],
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 81, protocol: 'UDP', appProtocol: 'x' },
        ],
      },
    ],
  }),
];

const limits: readonly Sample[] = [
  sample('v1 resourcequotas ResourceQuota', '', { spec: { hard: { pods: '1', 'requests.cpu': '1' } } }),
  sample('v1 resourcequotas ResourceQuota', 'scopes', {
    spec: {
      hard: { pods: '1', 'count/deployments.apps': '2' },
      scopes: ['NotTerminating', 'BestEffort'],
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
    },
  }),
  sample('v1 limitranges LimitRange', '', {
    spec: { limits: [{ type: 'Container', max: { cpu: '2' }, default: { cpu: '1' } }] },
  }),
  sample('v1 limitranges LimitRange', 'more', {
    spec: {
      limits: [
        { type: 'Pod', max: { cpu: '4' }, min: { cpu: '1' }, maxLimitRequestRatio: { cpu: '3' } },
        { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } },
        {
          type: 'Container',
          min: { memory: '1Mi' },
          max: { memory: '4Mi' },
          default: { memory: '3Mi' },
          defaultRequest: { memory: '2Mi' },
        },
      ],
    },
  }),
];

export const coreSamples: readonly Sample[] = [
  sample('v1 namespaces Namespace*', '', {}),
  sample('v1 namespaces Namespace*', 'labelled', {
    metadata: {
      labels: { a: 'b' },
      annotations: { 'a.com/b': 'c' },
      finalizers: ['a.com/b'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u', controller: true }],
    },
    spec: { finalizers: ['kubernetes'] },
  }),
  sample('v1 configmaps ConfigMap', '', { data: { a: '1' }, binaryData: { b: 'AA==' } }),
  sample('v1 configmaps ConfigMap', 'immutable', { immutable: true, data: { a: '1' } }),
  sample(secrets, '', { stringData: { a: '1' } }),
  sample(secrets, 'tls', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'AA==', 'tls.key': 'AA==' } }),
  sample(secrets, 'docker', {
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': '{"auths":{}}' },
  }),
  sample(secrets, 'dockercfg', { type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': '{}' } }),
  sample(secrets, 'basic auth', {
    type: 'kubernetes.io/basic-auth',
    stringData: { username: 'u', password: 'p' },
    immutable: true,
  }),
  sample(secrets, 'ssh', { type: 'kubernetes.io/ssh-auth', stringData: { 'ssh-privatekey': 'k' } }),
  sample(secrets, 'token', {
    metadata: { annotations: { 'kubernetes.io/service-account.name': 'default' } },
    type: 'kubernetes.io/service-account-token',
    data: { x: 'AA==' },
  }),
  ...network,
  ...storage,
  ...limits,
  sample('v1 serviceaccounts ServiceAccount', '', {}),
  sample('v1 serviceaccounts ServiceAccount', 'full', {
    secrets: [{ name: 's' }],
    imagePullSecrets: [{ name: 'r' }],
    automountServiceAccountToken: false,
  }),
  sample('v1 replicationcontrollers ReplicationController', '', { spec: { selector: { a: 'b' }, template } }),
  sample('v1 podtemplates PodTemplate', '', { template }),
  sample('v1 events Event', '', {
    involvedObject: { kind: 'Pod', namespace, name: 'p' },
    reason: 'R',
    message: 'm',
    type: 'Normal',
    source: { component: 'c' },
  }),
  sample('events.k8s.io/v1 events Event', 'new', {
    regarding: { kind: 'Pod', namespace, name: 'p' },
    reason: 'R',
    action: 'A',
    type: 'Normal',
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'a.com/c',
    reportingInstance: 'i',
    note: 'n',
    series: { count: 2, lastObservedTime: '2026-01-01T00:00:00.000000Z' },
  }),
  sample('v1 nodes Node*', '', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }),
  sample('v1 nodes Node*', 'full', {
    spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'], providerID: 'a://b', unschedulable: true },
  }),
  sample('v1 podtemplates PodTemplate', 'labelled', { template: { ...template, spec: { ...pod, hostname: 'h' } } }),
];
