import type { Step } from '../transcript.ts';
import { asMetadataList, asTable, core, podSpec, space } from './probe-objects.ts';

const p1 = `${core}/pods/p1`;
const binding = (node: string): object => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name: 'p1' },
  target: { kind: 'Node', name: node },
});
const service = (name: string, spec: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec,
});
const secret = (name: string, rest: object): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  ...rest,
});
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p1', labels: { a: 'b' } },
  spec: { ...podSpec, schedulerName: 'none' },
};
const eviction = (version: string): object => ({
  apiVersion: `policy/${version}`,
  kind: 'Eviction',
  metadata: { name: 'p1', namespace: space },
});

const reviews = '/apis/authorization.k8s.io/v1';
const review = (kind: string, spec: object): object => ({ apiVersion: 'authorization.k8s.io/v1', kind, spec });
const tokens = '/apis/authentication.k8s.io/v1/tokenreviews';
const asAlice = { 'impersonate-user': 'alice', 'impersonate-group': 'devs' };
const mayGetPods = { verb: 'get', resource: 'pods', namespace: space };

/** The life of a pod without a node agent, services, secrets, tokens and reviews. */
export const podsAndServices: readonly Step[] = [
  ['pod', `POST ${core}/pods`, pod],
  ['pod.immutable', `MERGE ${p1}`, { spec: { hostNetwork: true } }],
  ['pod.image', `STRATEGIC ${p1}`, { spec: { containers: [{ name: 'c', image: 'y' }] } }],
  ['pod.table', `GET ${core}/pods`, undefined, asTable],
  ['pod.bind', `POST ${p1}/binding`, binding('ghost')],
  ['pod.bind.again', `POST ${p1}/binding`, binding('ghost2')],
  ['pod.bind.missing', `POST ${core}/pods/nope/binding`, binding('ghost')],
  ['pod.bound', `GET ${p1}`],
  [
    'pod.status',
    `STRATEGIC ${p1}/status`,
    { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
  ],
  [
    'pod.by-field',
    `GET ${core}/pods?fieldSelector=spec.nodeName%3Dghost,status.phase%3DRunning`,
    undefined,
    asMetadataList,
  ],
  [
    'pod.ephemeral',
    `STRATEGIC ${p1}/ephemeralcontainers`,
    { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] } },
  ],
  [
    'pod.resize',
    `STRATEGIC ${p1}/resize`,
    { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }] } },
  ],
  ['pod.evict.missing', `POST ${core}/pods/nope/eviction`, { ...eviction('v1'), metadata: { name: 'nope' } }],
  ['pod.evict.dry', `POST ${p1}/eviction`, { ...eviction('v1'), deleteOptions: { dryRun: ['All'] } }],
  ['pod.evict.old-version', `POST ${p1}/eviction`, eviction('v1beta1')],
  ['pod.terminating', `GET ${p1}`],
  ['pod.force', `DELETE ${p1}`, { gracePeriodSeconds: 0 }],
  ['pod.gone', `GET ${p1}`],
  ['service', `POST ${core}/services`, service('s', { selector: { a: 'b' }, ports: [{ port: 80 }] })],
  ['service.bad-port', `POST ${core}/services`, service('s2', { ports: [{ port: 0 }] })],
  ['service.other-address', `MERGE ${core}/services/s`, { spec: { clusterIP: '10.96.9.9' } }],
  ['secret.text', `POST ${core}/secrets`, secret('sec', { stringData: { p: 'q' } })],
  ['secret.no-base64', `POST ${core}/secrets`, secret('sec2', { data: { p: '***' } })],
  [
    'token',
    `POST ${core}/serviceaccounts/default/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600, audiences: ['shop'] },
    },
  ],
  [
    'token.short',
    `POST ${core}/serviceaccounts/default/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 5 } },
  ],
  [
    'token-review.unknown',
    `POST ${tokens}`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'x' } },
  ],
  [
    'access-review',
    `POST ${reviews}/subjectaccessreviews`,
    review('SubjectAccessReview', { user: 'alice', groups: ['devs'], resourceAttributes: mayGetPods }),
  ],
  ['access-review.empty', `POST ${reviews}/subjectaccessreviews`, review('SubjectAccessReview', {})],
  [
    'access-review.self',
    `POST ${reviews}/selfsubjectaccessreviews`,
    review('SelfSubjectAccessReview', { resourceAttributes: mayGetPods }),
    asAlice,
  ],
  [
    'rules-review',
    `POST ${reviews}/selfsubjectrulesreviews`,
    review('SelfSubjectRulesReview', { namespace: space }),
    asAlice,
  ],
  [
    'who-am-i',
    'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    asAlice,
  ],
  [
    'escalation',
    `POST /apis/rbac.authorization.k8s.io/v1/namespaces/${space}/roles`,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ verbs: ['*'], apiGroups: [''], resources: ['secrets'] }],
    },
    asAlice,
  ],
];
