import type { KubeObject, ResourceType } from '@kit/kube';
import { apiTokenKind } from './api-tokens.ts';
import { iamTypes } from './kinds.ts';

type Schema = Readonly<Record<string, unknown>>;
interface Column {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
}

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});

const rules: Schema = {
  type: 'array',
  items: object({ apiGroups: texts, nonResourceURLs: texts, resourceNames: texts, resources: texts, verbs: texts }, [
    'verbs',
  ]),
};
const roleRef: Schema = {
  ...object({ apiGroup: text, kind: text, name: text }, ['apiGroup', 'kind', 'name']),
  'x-kubernetes-map-type': 'atomic',
};
const subject: Schema = {
  ...object({ apiGroup: text, kind: text, name: text, namespace: text }, ['kind', 'name']),
  'x-kubernetes-map-type': 'atomic',
};
const binding: Record<string, Schema> = { roleRef, subjects: { type: 'array', items: subject } };

// A plain password has lower case, upper case and a digit; otherwise it is a hash of ours (argon2id) or an imported one (bcrypt).
const password: Schema = {
  type: 'string',
  minLength: 8,
  maxLength: 256,
  pattern:
    '^(.*[a-z].*[A-Z].*[0-9].*)$|^(.*[a-z].*[0-9].*[A-Z].*)$|^(.*[A-Z].*[a-z].*[0-9].*)$|^(.*[A-Z].*[0-9].*[a-z].*)$|' +
    '^(.*[0-9].*[a-z].*[A-Z].*)$|^(.*[0-9].*[A-Z].*[a-z].*)$|^(\\$2[ayb]\\$.{56})$|^(\\$argon2id\\$.+)$',
};

const columns = {
  workspace: { name: 'Workspace', type: 'string', jsonPath: '.metadata.labels.kubesphere\\.io/workspace' },
  alias: { name: 'Alias', type: 'string', jsonPath: '.metadata.annotations.kubesphere\\.io/alias-name' },
} as const satisfies Record<string, Column>;

interface CrdMore {
  readonly category?: string;
  readonly required?: readonly string[];
  readonly columns?: readonly Column[];
}

function crd(type: ResourceType, properties: Record<string, Schema>, more: CrdMore = {}): KubeObject {
  const schema = object({ apiVersion: text, kind: text, metadata: { type: 'object' }, ...properties }, more.required);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${type.plural}.${type.group}` },
    spec: {
      group: type.group,
      scope: 'Cluster',
      names: {
        kind: type.kind,
        listKind: `${type.kind}List`,
        plural: type.plural,
        singular: type.kind.toLowerCase(),
        categories: [more.category ?? 'iam'],
      },
      versions: [
        {
          name: type.version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          ...(more.columns ? { additionalPrinterColumns: more.columns } : {}),
        },
      ],
    },
  };
}

const time: Schema = { type: 'string', format: 'date-time' };

/** The definitions of the platform's identity kinds; names, versions and fields are those of KubeSphere 3.4. */
export const iamKinds: readonly KubeObject[] = [
  apiTokenKind,
  crd(
    iamTypes.users,
    {
      spec: object({ email: text, displayName: text, description: text, lang: text, groups: texts, password }, [
        'email',
      ]),
      status: object({ state: text, reason: text, lastLoginTime: time, lastTransitionTime: time }),
    },
    {
      required: ['spec'],
      columns: [
        { name: 'Email', type: 'string', jsonPath: '.spec.email' },
        { name: 'Status', type: 'string', jsonPath: '.status.state' },
      ],
    },
  ),
  crd(
    iamTypes.loginRecords,
    {
      spec: object(
        { type: text, provider: text, sourceIP: text, userAgent: text, success: { type: 'boolean' }, reason: text },
        ['provider', 'reason', 'sourceIP', 'success', 'type'],
      ),
    },
    {
      required: ['spec'],
      columns: [
        { name: 'Type', type: 'string', jsonPath: '.spec.type' },
        { name: 'Provider', type: 'string', jsonPath: '.spec.provider' },
        { name: 'From', type: 'string', jsonPath: '.spec.sourceIP' },
        { name: 'Success', type: 'string', jsonPath: '.spec.success' },
        { name: 'Reason', type: 'string', jsonPath: '.spec.reason' },
        { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      ],
    },
  ),
  crd(iamTypes.globalRoles, { rules }),
  crd(iamTypes.globalRoleBindings, binding, { required: ['roleRef'] }),
  crd(iamTypes.workspaceRoles, { rules }, { columns: [columns.workspace, columns.alias] }),
  crd(iamTypes.workspaceRoleBindings, binding, { required: ['roleRef'], columns: [columns.workspace] }),
  crd(
    iamTypes.roleBases,
    { role: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true } },
    { required: ['role'] },
  ),
  crd(
    iamTypes.groups,
    { spec: { type: 'object' }, status: { type: 'object' } },
    { category: 'group', columns: [columns.workspace] },
  ),
  crd(
    iamTypes.groupBindings,
    { groupRef: object({ apiGroup: text, kind: text, name: text }), users: texts },
    {
      category: 'group',
      columns: [
        { name: 'Group', type: 'string', jsonPath: '.groupRef.name' },
        { name: 'Users', type: 'string', jsonPath: '.users' },
      ],
    },
  ),
];
