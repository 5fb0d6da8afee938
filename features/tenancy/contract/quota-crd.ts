import type { KubeObject } from '@kit/kube';
import { quotaGroup, quotaType } from './quota.ts';

const text = { type: 'string' };
const amounts = {
  type: 'object',
  additionalProperties: {
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    'x-kubernetes-int-or-string': true,
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  },
};
const figures = { hard: amounts, used: amounts };
const expression = {
  type: 'object',
  properties: { operator: text, scopeName: text, values: { type: 'array', items: text } },
  required: ['operator', 'scopeName'],
};
const quota = {
  type: 'object',
  properties: {
    hard: amounts,
    scopes: { type: 'array', items: text },
    scopeSelector: {
      type: 'object',
      properties: { matchExpressions: { type: 'array', items: expression } },
      'x-kubernetes-map-type': 'atomic',
    },
  },
};
const status = {
  type: 'object',
  properties: {
    total: { type: 'object', properties: figures },
    namespaces: {
      type: 'array',
      items: { type: 'object', properties: { ...figures, namespace: text }, required: ['namespace'] },
    },
  },
  required: ['namespaces', 'total'],
};

/** The definition of workspace quotas; names, version and fields are those of KubeSphere 3.4. */
export const quotaKind: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${quotaType.plural}.${quotaGroup}` },
  spec: {
    group: quotaGroup,
    scope: 'Cluster',
    names: {
      kind: quotaType.kind,
      listKind: `${quotaType.kind}List`,
      plural: quotaType.plural,
      singular: 'resourcequota',
      categories: ['quota'],
    },
    versions: [
      {
        name: quotaType.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              apiVersion: text,
              kind: text,
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                properties: { quota, selector: { type: 'object', additionalProperties: text } },
                required: ['quota', 'selector'],
              },
              status,
            },
            required: ['spec'],
          },
        },
      },
    ],
  },
};
