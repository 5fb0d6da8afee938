import { annotations } from '@feature/iam/contract';
import type { KubeObject, ResourceType } from '@kit/kube';
import { tenancyTypes, tenantGroup } from './kinds.ts';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const textMap: Schema = { type: 'object', additionalProperties: text };
const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});

const workspaceSpec = object({ manager: text, networkIsolation: { type: 'boolean' } });

const clusterSelector: Schema = {
  ...object({
    matchExpressions: list(object({ key: text, operator: text, values: list(text) }, ['key', 'operator'])),
    matchLabels: textMap,
  }),
  'x-kubernetes-map-type': 'atomic',
};

const clusters: Schema = {
  ...list(object({ name: text }, ['name'])),
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
};

const clusterOverride = object({ op: text, path: text, value: { 'x-kubernetes-preserve-unknown-fields': true } }, [
  'path',
]);

const templateSpec = object(
  {
    placement: object({ clusters, clusterSelector }),
    template: object({ metadata: object({ labels: textMap, annotations: textMap }), spec: workspaceSpec }),
    overrides: list(object({ clusterName: text, clusterOverrides: list(clusterOverride) }, ['clusterName'])),
  },
  ['placement', 'template'],
);

function crd(type: ResourceType, properties: Record<string, Schema>): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${type.plural}.${type.group}` },
    spec: {
      group: tenantGroup,
      scope: 'Cluster',
      names: {
        kind: type.kind,
        listKind: `${type.kind}List`,
        plural: type.plural,
        singular: type.kind.toLowerCase(),
        categories: ['tenant'],
      },
      versions: [
        {
          name: type.version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: object({ apiVersion: text, kind: text, metadata: { type: 'object' }, ...properties }),
          },
        },
      ],
    },
  };
}

/** The definitions of the tenancy kinds; names, versions and fields are those of KubeSphere 3.4. */
export const tenancyKinds: readonly KubeObject[] = [
  crd(tenancyTypes.workspaceTemplates, { spec: templateSpec }),
  crd(tenancyTypes.workspaces, { spec: workspaceSpec, status: { type: 'object' } }),
];

/** The workspace of the cluster's own namespaces; it is there from the beginning and cannot be deleted. */
export const systemWorkspace = 'system-workspace';

/** KubeSphere makes one workspace at installation, and its clients look for it; no namespace is put into it. */
export const tenancySeeds: readonly KubeObject[] = [
  {
    apiVersion: `${tenantGroup}/${tenancyTypes.workspaceTemplates.version}`,
    kind: tenancyTypes.workspaceTemplates.kind,
    metadata: {
      name: systemWorkspace,
      labels: { 'kubefed.io/managed': 'false' },
      annotations: { [annotations.creator]: 'admin' },
    },
    spec: {
      placement: { clusterSelector: {} },
      template: { spec: { manager: 'admin', networkIsolation: false } },
    },
  },
];
