import { patchOf, respond } from '../testing/webhook-server.ts';
import { allow, answers, apps, configMap, createIt, ns, place, rule } from './scenario.ts';
import type { Scenario, Step } from './scenario.ts';

const everything = { rules: [{ ...rule(['*'], ['*'], ['*/*']), apiVersions: ['*'] }] };
const look = (why: string, steps: Step[], withoutObjects = false): Scenario => ({
  why,
  hooks: [
    { mutating: true, reply: allow, webhook: everything },
    { reply: allow, webhook: everything },
  ],
  steps,
  withoutObjects,
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'i' }] },
};

/** What webhooks are shown of each kind of request. */
export const reviewScenarios: readonly Scenario[] = [
  look('what a creation shows', [createIt]),
  look('what a creation with options shows', [
    { ...createIt, path: `${ns}/configmaps?fieldManager=me&fieldValidation=Strict&dryRun=All` },
  ]),
  look('what a creation without a name shows', [
    {
      ...createIt,
      path: `${ns}/configmaps?dryRun=All`,
      body: { ...configMap(''), metadata: { generateName: 'some-' } },
    },
  ]),
  look('what a replacement shows', [
    createIt,
    { method: 'PUT', path: `${ns}/configmaps/one?fieldManager=me`, body: configMap('one', { data: { b: '2' } }) },
  ]),
  look('what patches show', [
    createIt,
    {
      method: 'PATCH',
      path: `${ns}/configmaps/one?fieldManager=me`,
      type: 'application/merge-patch+json',
      body: { data: { c: '3' } },
    },
    {
      method: 'PATCH',
      path: `${ns}/configmaps/one?fieldManager=me&force=true`,
      type: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', data: { d: '4' } },
    },
  ]),
  look('what an apply that creates shows', [
    {
      method: 'PATCH',
      path: `${ns}/configmaps/new?fieldManager=me&dryRun=All`,
      type: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' }, data: { d: '4' } },
    },
  ]),
  look('what deletions show', [
    createIt,
    {
      method: 'DELETE',
      path: `${ns}/configmaps/one`,
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background', gracePeriodSeconds: 3 },
    },
    createIt,
    { method: 'DELETE', path: `${ns}/configmaps/one?propagationPolicy=Background` },
    { method: 'DELETE', path: `${ns}/configmaps/one` },
  ]),
  look('what the deletion of a collection shows', [
    createIt,
    { method: 'DELETE', path: `${ns}/configmaps?labelSelector=!kubernetes.io/x&fieldSelector=metadata.name%3Done` },
  ]),
  look(
    'what scaling shows',
    [
      { method: 'POST', path: `${apps}/deployments`, body: deployment },
      {
        method: 'PATCH',
        path: `${apps}/deployments/web/scale`,
        type: 'application/merge-patch+json',
        body: { spec: { replicas: 1 } },
      },
      {
        method: 'PUT',
        path: `${apps}/deployments/web/scale`,
        body: {
          apiVersion: 'autoscaling/v1',
          kind: 'Scale',
          metadata: { name: 'web', namespace: place },
          spec: { replicas: 0 },
        },
      },
    ],
    true,
  ),
  look(
    'what the parts of a pod show',
    [
      { method: 'POST', path: `${ns}/pods`, body: pod },
      {
        method: 'PATCH',
        path: `${ns}/pods/p/status`,
        type: 'application/merge-patch+json',
        body: { status: { message: 'hi' } },
      },
      {
        method: 'POST',
        path: `${ns}/pods/p/binding`,
        body: {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name: 'p' },
          target: { kind: 'Node', name: 'no-such-node' },
        },
      },
      {
        method: 'POST',
        path: `${ns}/pods/p/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } },
      },
    ],
    true,
  ),
  look(
    'what a token request shows',
    [
      {
        method: 'POST',
        path: `${ns}/serviceaccounts/default/token`,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
      },
    ],
    true,
  ),
  look('what a review shows', [
    {
      method: 'POST',
      path: `/apis/authorization.k8s.io/v1/namespaces/${place}/localsubjectaccessreviews`,
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'LocalSubjectAccessReview',
        metadata: { namespace: place },
        spec: { user: 'u', resourceAttributes: { namespace: place, verb: 'get', resource: 'pods' } },
      },
    },
  ]),
  {
    why: 'a scale that a webhook changes',
    hooks: [
      {
        mutating: true,
        webhook: { rules: [rule(['UPDATE'], ['apps'], ['deployments/scale'])] },
        reply: (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/spec/replicas', value: 0 }) }),
      },
    ],
    steps: [
      { method: 'POST', path: `${apps}/deployments`, body: deployment },
      {
        method: 'PATCH',
        path: `${apps}/deployments/web/scale`,
        type: 'application/merge-patch+json',
        body: { spec: { replicas: 5 } },
      },
    ],
    withoutObjects: true,
  },
  {
    why: 'an eviction that a webhook refuses',
    hooks: [
      {
        webhook: { rules: [rule(['CREATE'], [''], ['pods/eviction'])] },
        reply: answers({ allowed: false, status: { message: 'stay' } }),
      },
    ],
    steps: [
      { method: 'POST', path: `${ns}/pods`, body: pod },
      {
        method: 'POST',
        path: `${ns}/pods/p/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } },
      },
    ],
    withoutObjects: true,
  },
  {
    why: 'a deletion that a webhook refuses',
    hooks: [
      {
        webhook: { rules: [rule(['DELETE'], [''], ['configmaps'])] },
        reply: answers({ allowed: false, status: { message: 'stay' } }),
      },
    ],
    steps: [
      createIt,
      { method: 'DELETE', path: `${ns}/configmaps/one` },
      { method: 'DELETE', path: `${ns}/configmaps?fieldSelector=metadata.name%3Done` },
    ],
  },
  {
    why: 'a connection that a webhook refuses',
    hooks: [
      {
        webhook: { rules: [rule(['CONNECT'], [''], ['pods/exec'])] },
        reply: answers({ allowed: false, status: { message: 'stay out' } }),
      },
    ],
    steps: [
      { method: 'POST', path: `${ns}/pods`, body: { ...pod, spec: { ...pod.spec, nodeName: 'nowhere' } } },
      { method: 'POST', path: `${ns}/pods/p/exec?command=ls&command=-l&stdout=true&container=c` },
    ],
    withoutObjects: true,
  },
  {
    why: 'another version of the same objects, Equivalent',
    hooks: [
      { webhook: { rules: [rule(['CREATE'], ['events.k8s.io'], ['events'])] }, reply: answers({ allowed: false }) },
    ],
    steps: [
      {
        method: 'POST',
        path: `${ns}/events`,
        body: {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: 'e' },
          involvedObject: { kind: 'Pod', namespace: place, name: 'x' },
          reason: 'R',
          message: 'm',
          type: 'Normal',
        },
      },
    ],
  },
  {
    why: 'another version of the same objects, Exact',
    hooks: [
      {
        webhook: { matchPolicy: 'Exact', rules: [rule(['CREATE'], ['autoscaling'], ['horizontalpodautoscalers'])] },
        reply: answers({ allowed: false }),
      },
    ],
    steps: [
      {
        method: 'POST',
        path: `/apis/autoscaling/v2/namespaces/${place}/horizontalpodautoscalers?dryRun=All`,
        body: {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'h' },
          spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' } },
        },
      },
    ],
  },
];
