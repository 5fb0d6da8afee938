import { ApiError } from '@kit/base';
import type { Scope } from '@kit/http';
import { kinds } from '@kit/kube';
import type { ResourceType, Row, Views } from '@kit/kube';
import { Type } from 'typebox';
import type { TObject } from 'typebox';
import { iamGroup, iamTypes, labels } from '../contract/index.ts';
import type { Attributes } from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import * as schemas from './schemas.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';

/** Path parameters: all of them text. */
export type PathValues = Readonly<Record<string, string>>;

/** Where the roles of one request are, and where their rights count. */
export interface RolePlace {
  /** '' where roles are cluster-scoped. */
  readonly namespace: string;
  /** What every role of the place carries. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where the caller must hold what a role is to allow. */
  readonly where: Attributes;
}

/** One of the five APIs of roles: the same routes at another level. */
export interface RoleLevel {
  readonly collection: string;
  readonly parameter: string;
  readonly params: TObject;
  readonly scope: Scope;
  /** For people: `role of a workspace`. */
  readonly title: string;
  readonly type: ResourceType;
  readonly placeOf: (params: PathValues, views: Views) => RolePlace;
  /** Whether a role is offered in the place of the path. */
  readonly belongs: (row: Row, params: PathValues) => boolean;
}

const everywhere = (resource: string): RolePlace => ({
  namespace: '',
  labels: {},
  where: attributesOf({ verb: 'create', group: iamGroup, resource }),
});

const inProject = (namespace: string): RolePlace => ({
  namespace,
  labels: {},
  where: attributesOf({ verb: 'create', group: iamGroup, resource: 'roles', namespace }),
});

/** The namespace of a DevOps project; `NotFound` when it is not there, or is an ordinary project. */
export function devopsNamespace(views: Views, devops: string): string {
  const row = views.of(kinds.namespaces).get('', devops);
  if (row?.labels[labels.devopsProject] === devops) return devops;
  throw new ApiError('NotFound', `there is no DevOps project "${devops}"`, {
    details: { group: 'devops.kubesphere.io', kind: 'devopsprojects', name: devops },
  });
}

const own = { params: Type.Object({}), belongs: () => true } as const;

export const roleLevels: readonly RoleLevel[] = [
  {
    ...own,
    collection: `${iam}/globalroles`,
    parameter: 'globalrole',
    scope: 'platform',
    title: 'role of the platform',
    type: iamTypes.globalRoles,
    placeOf: () => everywhere('globalroles'),
  },
  {
    ...own,
    collection: `${iam}/clusterroles`,
    parameter: 'clusterrole',
    scope: 'cluster',
    title: 'role of the cluster',
    type: iamTypes.clusterRoles,
    placeOf: () => everywhere('clusterroles'),
  },
  {
    collection: `${iam}/workspaces/{workspace}/workspaceroles`,
    parameter: 'workspacerole',
    params: schemas.workspaceParams,
    scope: 'workspace',
    title: 'role of a workspace',
    type: iamTypes.workspaceRoles,
    placeOf: ({ workspace = '' }) => ({
      namespace: '',
      labels: { [labels.workspace]: workspace },
      where: attributesOf({ verb: 'create', group: iamGroup, resource: 'workspaceroles', workspace }),
    }),
    // The templates belong to no workspace and are offered in each.
    belongs: (row, { workspace }) => row.labels[labels.workspace] === workspace || labels.roleTemplate in row.labels,
  },
  {
    ...own,
    collection: `${iam}/namespaces/{namespace}/roles`,
    parameter: 'role',
    params: schemas.namespaceParams,
    scope: 'project',
    title: 'role of a project',
    type: iamTypes.roles,
    placeOf: ({ namespace = '' }) => inProject(namespace),
  },
  {
    ...own,
    collection: `${iam}/devops/{devops}/roles`,
    parameter: 'role',
    params: schemas.devopsParams,
    scope: 'project',
    title: 'role of a DevOps project',
    type: iamTypes.roles,
    placeOf: ({ devops = '' }, views) => inProject(devopsNamespace(views, devops)),
  },
];
