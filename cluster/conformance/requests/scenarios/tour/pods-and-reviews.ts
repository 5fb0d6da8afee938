import type { Step } from '../../transcript.ts';
import { asTable, podSpec } from '../probe-objects.ts';
import { asMetadataList, core, space } from './places.ts';

const p1 = `${core}/pods/p1`;
const service = (name: string, spec: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec,
});
const secret = (name: string, more: object): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  ...more,
});
const binding = (node: string): object => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name: 'p1' },
  target: { kind: 'Node', name: node },
});
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p1', labels: { a: 'b' } },
  spec: { ...podSpec, schedulerName: 'none' },
};
const running = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };
const byFields = 'fieldSelector=spec.nodeName%3Dghost,status.phase%3DRunning';
const eviction = { apiVersion: 'policy/v1beta1', kind: 'Eviction', metadata: { name: 'p1', namespace: space } };

/** A pod in a namespace that has no service account yet. */
const pods: readonly Step[] = [
  ['pod.create', `POST ${core}/pods`, pod],
  ['pod.spec.immutable', `MERGE ${p1}`, { spec: { hostNetwork: true } }],
  ['pod.image.mutable', `STRATEGIC ${p1}`, { spec: { containers: [{ name: 'c', image: 'y' }] } }],
  ['pod.table', `GET ${core}/pods`, undefined, asTable],
  ['pod.bind.missingnode', `POST ${p1}/binding`, binding('ghost')],
  ['pod.bind.again', `POST ${p1}/binding`, binding('ghost2')],
  ['pod.bound', `GET ${p1}`],
  ['pod.status', `STRATEGIC ${p1}/status`, running],
  ['pod.field', `GET ${core}/pods?${byFields}`, undefined, asMetadataList],
  ['pod.log.nonode', `GET ${p1}/log`],
  ['pod.evict', `POST ${p1}/eviction`, eviction],
  ['pod.terminating', `GET ${p1}`],
  ['pod.force', `DELETE ${p1}`, { gracePeriodSeconds: 0 }],
  ['pod.gone', `GET ${p1}`],
];

const reviewOf = (group: string, kind: string, spec: object): object => ({ apiVersion: `${group}/v1`, kind, spec });
const authentication = 'authentication.k8s.io';
const authorization = 'authorization.k8s.io';
const rbac = 'rbac.authorization.k8s.io';
const tokenReview = (token: string): object => reviewOf(authentication, 'TokenReview', { token });
const accessOfAlice = {
  user: 'alice',
  groups: ['devs'],
  resourceAttributes: { verb: 'get', resource: 'pods', namespace: space },
};
const quota = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q' },
  spec: { hard: { secrets: '0', 'requests.cpu': '1' } },
};
const greedyRole = {
  apiVersion: `${rbac}/v1`,
  kind: 'Role',
  metadata: { name: 'r' },
  rules: [{ verbs: ['*'], apiGroups: [''], resources: ['secrets'] }],
};

/** Services, secrets, a quota, tokens and reviews; alice has a token of a file that the server is started with. */
const others: readonly Step[] = [
  ['svc.create', `POST ${core}/services`, service('s', { selector: { a: 'b' }, ports: [{ port: 80 }] })],
  ['svc.badport', `POST ${core}/services`, service('s2', { ports: [{ port: 0 }] })],
  ['svc.ipchange', `MERGE ${core}/services/s`, { spec: { clusterIP: '10.96.9.9' } }],
  ['secret.stringData', `POST ${core}/secrets`, secret('sec', { stringData: { p: 'q' } })],
  ['secret.badb64', `POST ${core}/secrets`, secret('sec2', { data: { p: '***' } })],
  ['quota', `POST ${core}/resourcequotas`, quota],
  [
    'sa.token',
    `POST ${core}/serviceaccounts/default/token`,
    reviewOf(authentication, 'TokenRequest', { expirationSeconds: 600 }),
  ],
  ['tokenreview', `POST /apis/${authentication}/v1/tokenreviews`, tokenReview('alice-token')],
  ['tokenreview.bad', `POST /apis/${authentication}/v1/tokenreviews`, tokenReview('x')],
  [
    'sar',
    `POST /apis/${authorization}/v1/subjectaccessreviews`,
    reviewOf(authorization, 'SubjectAccessReview', accessOfAlice),
  ],
  [
    'rules',
    `POST /apis/${authorization}/v1/selfsubjectrulesreviews`,
    reviewOf(authorization, 'SelfSubjectRulesReview', { namespace: space }),
    { authorization: 'Bearer alice-token' },
  ],
  ['rbac.escalate', `POST /apis/${rbac}/v1/namespaces/${space}/roles`, greedyRole],
];

export const podsAndReviews: readonly Step[] = [...pods, ...others];
