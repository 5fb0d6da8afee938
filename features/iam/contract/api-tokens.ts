import type { KubeObject, ResourceType } from '@kit/kube';

/** The group of what KubeSphere's API has no words for. */
export const ownGroup = 'iam.freehold.io';

export const apiTokenType: ResourceType = {
  group: ownGroup,
  version: 'v1alpha1',
  kind: 'ApiToken',
  plural: 'apitokens',
  namespaced: false,
};

/** A token a user made for a script. What is stored cannot be turned back into it. */
export type ApiTokenObject = KubeObject & {
  spec: {
    user: string;
    userUid: string;
    description?: string;
    /** A keyed digest: whoever could write it here still could not make a token that fits. */
    digest: string;
    readOnly?: boolean;
    /** When present, the only workspaces it opens anything in. */
    workspaces?: string[];
    expiresAt?: string;
  };
  status?: { lastUsedTime?: string; lastUsedFrom?: string };
};

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const column = (name: string, type: string, jsonPath: string): object => ({ name, type, jsonPath });

export const apiTokenKind: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${apiTokenType.plural}.${ownGroup}` },
  spec: {
    group: ownGroup,
    scope: 'Cluster',
    names: {
      kind: 'ApiToken',
      listKind: 'ApiTokenList',
      plural: 'apitokens',
      singular: 'apitoken',
      categories: ['iam'],
    },
    versions: [
      {
        name: apiTokenType.version,
        served: true,
        storage: true,
        additionalPrinterColumns: [
          column('User', 'string', '.spec.user'),
          column('Expires', 'date', '.spec.expiresAt'),
          column('Last used', 'date', '.status.lastUsedTime'),
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              apiVersion: text,
              kind: text,
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                required: ['user', 'userUid', 'digest'],
                properties: {
                  user: text,
                  userUid: text,
                  description: text,
                  digest: text,
                  readOnly: { type: 'boolean' },
                  workspaces: { type: 'array', items: text },
                  expiresAt: time,
                },
              },
              status: { type: 'object', properties: { lastUsedTime: time, lastUsedFrom: text } },
            },
          },
        },
      },
    ],
  },
};
