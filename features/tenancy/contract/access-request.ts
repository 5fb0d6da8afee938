import type { KubeObject, ResourceType } from '@kit/kube';

/** Somebody's request for a role in a workspace or project, and what became of it. */
export const accessRequestType = {
  group: 'iam.freehold.io',
  version: 'v1alpha1',
  kind: 'AccessRequest',
  plural: 'accessrequests',
  namespaced: false,
} as const satisfies ResourceType;

export type RequestPhase = 'Pending' | 'Approved' | 'Denied' | 'Expired';

export interface AccessRequest extends KubeObject {
  spec: {
    user: string;
    /** Whoever is later made under the same name has asked for nothing. */
    userUid: string;
    /** One of the two. */
    workspace?: string;
    namespace?: string;
    role: string;
    reason?: string;
    /** How long the role is wanted; absent: for good. */
    hours?: number;
  };
  status?: {
    phase: RequestPhase;
    decidedBy?: string;
    decidedAt?: string;
    comment?: string;
    /** When a role given for a time ends. */
    expiresAt?: string;
    /** The binding that was made; it is made once, and taken off by hand it stays off. */
    binding?: string;
  };
}

/** On a request: whoever made it has read the answer. */
export const seenAnnotation = 'iam.freehold.io/seen';
/** On a binding: the request it was made for. */
export const requestAnnotation = 'iam.freehold.io/access-request';

const text = { type: 'string' };
const fields = (properties: Record<string, object>, required: string[]) => ({ type: 'object', properties, required });

export const accessRequestKind: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${accessRequestType.plural}.${accessRequestType.group}` },
  spec: {
    group: accessRequestType.group,
    scope: 'Cluster',
    names: {
      kind: accessRequestType.kind,
      listKind: `${accessRequestType.kind}List`,
      plural: accessRequestType.plural,
      singular: 'accessrequest',
    },
    versions: [
      {
        name: accessRequestType.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: fields(
            {
              apiVersion: text,
              kind: text,
              metadata: { type: 'object' },
              spec: fields(
                {
                  user: text,
                  userUid: text,
                  workspace: text,
                  namespace: text,
                  role: text,
                  reason: text,
                  hours: { type: 'integer', minimum: 1 },
                },
                ['user', 'userUid', 'role'],
              ),
              status: fields(
                {
                  phase: { type: 'string', enum: ['Pending', 'Approved', 'Denied', 'Expired'] },
                  decidedBy: text,
                  decidedAt: text,
                  comment: text,
                  expiresAt: text,
                  binding: text,
                },
                ['phase'],
              ),
            },
            ['spec'],
          ),
        },
      },
    ],
  },
};
