import { describe, expect, it } from 'vitest';
import { annotations, iamSeeds, labels } from '../../contract/index.ts';
import type { RoleBaseObject, RoleObject } from '../../contract/index.ts';
import { attributesOf } from '../attributes.ts';
import { allows, compileRole } from '../compiled-role.ts';
import { namesIn, withDependencies } from '../template-names.ts';

type Level = 'global' | 'workspace' | 'cluster' | 'project' | 'devops';
interface Template {
  readonly title: string;
  readonly level: Level;
  readonly role: RoleObject;
}

function levelsOf({ kind, metadata }: RoleObject | RoleBaseObject): Level[] {
  if (kind === 'GlobalRole') return ['global'];
  if (kind === 'WorkspaceRole') return ['workspace'];
  if (kind === 'ClusterRole') return ['cluster'];
  const scopes = Object.keys(metadata.labels ?? {});
  return [
    ...(scopes.includes('scope.kubesphere.io/namespace') ? (['project'] as const) : []),
    ...(scopes.includes('scope.kubesphere.io/devops') ? (['devops'] as const) : []),
  ];
}

const objects = iamSeeds as readonly (RoleObject | RoleBaseObject)[]; // all seeds but three bindings, which carry no template label
const carriers = objects.filter((object) => labels.roleTemplate in (roleIn(object).metadata.labels ?? {}));

function roleIn(object: RoleObject | RoleBaseObject): RoleObject {
  return 'role' in object ? (object.role as RoleObject) : object; // a RoleBase holds a whole role
}

const templates: Template[] = carriers.flatMap((object) =>
  levelsOf(object).map((level) => ({ level, role: roleIn(object), title: `${level} ${object.metadata.name}` })),
);

/** What the feature keys of the console rest on: the kind behind each, and the verbs that managing it takes. */
const features: Readonly<Record<Level, Readonly<Record<string, string>>>> = {
  global: {
    clusters: 'cluster.kubesphere.io/clusters',
    workspaces: 'tenant.kubesphere.io/workspaces',
    users: 'iam.kubesphere.io/users',
    roles: 'iam.kubesphere.io/globalroles',
    'app-templates': 'openpitrix.io/apps',
    'platform-settings': 'notification.kubesphere.io/configs',
  },
  workspace: {
    basic: 'iam.kubesphere.io/workspacemembers',
    projects: '/namespaces',
    devops: 'devops.kubesphere.io/devopsprojects',
    'app-repos': 'openpitrix.io/repos',
    'app-templates': 'openpitrix.io/apps',
    roles: 'iam.kubesphere.io/workspaceroles',
    members: 'iam.kubesphere.io/workspacemembers',
    'workspace-settings': 'tenant.kubesphere.io/workspaces',
    groups: 'iam.kubesphere.io/groups',
  },
  cluster: {
    customresources: 'apiextensions.k8s.io/customresourcedefinitions',
    'alert-rules': 'alerting.kubesphere.io/clusterrulegroups',
    alerts: 'alerting.kubesphere.io/clusteralerts',
    deployments: 'apps/deployments',
    statefulsets: 'apps/statefulsets',
    daemonsets: 'apps/daemonsets',
    jobs: 'batch/jobs',
    cronjobs: 'batch/cronjobs',
    pods: '/pods',
    services: '/services',
    ingresses: 'networking.k8s.io/ingresses',
    serviceaccounts: '/serviceaccounts',
    secrets: '/secrets',
    configmaps: '/configmaps',
    'cluster-settings': 'cluster.kubesphere.io/clusters',
    components: 'resources.kubesphere.io/components',
    members: 'iam.kubesphere.io/clustermembers',
    networkpolicies: 'networking.k8s.io/networkpolicies',
    nodes: '/nodes',
    projects: '/namespaces',
    roles: 'iam.kubesphere.io/clusterroles',
    storageclasses: 'storage.k8s.io/storageclasses',
    volumes: '/persistentvolumes',
    'volume-snapshots': 'snapshot.storage.k8s.io/volumesnapshots',
    'volume-snapshot-classes': 'snapshot.storage.k8s.io/volumesnapshotclasses',
    monitoring: 'monitoring.kubesphere.io/nodes',
  },
  project: {
    basic: '/namespaces',
    alerts: 'alerting.kubesphere.io/alerts',
    'alert-rules': 'alerting.kubesphere.io/rulegroups',
    'custom-monitoring': 'monitoring.kubesphere.io/dashboards',
    members: 'iam.kubesphere.io/members',
    'project-settings': '/resourcequotas',
    roles: 'iam.kubesphere.io/roles',
    applications: 'app.k8s.io/applications',
    deployments: 'apps/deployments',
    statefulsets: 'apps/statefulsets',
    daemonsets: 'apps/daemonsets',
    jobs: 'batch/jobs',
    cronjobs: 'batch/cronjobs',
    pods: '/pods',
    services: '/services',
    ingresses: 'networking.k8s.io/ingresses',
    s2ibuilders: 'devops.kubesphere.io/s2ibuilders',
    'grayscale-release': 'servicemesh.kubesphere.io/strategies',
    configmaps: '/configmaps',
    secrets: '/secrets',
    serviceaccounts: '/serviceaccounts',
    volumes: '/persistentvolumeclaims',
    'volume-snapshots': 'snapshot.storage.k8s.io/volumesnapshots',
  },
  devops: {
    basic: 'devops.kubesphere.io/devopsprojects',
    members: 'iam.kubesphere.io/members',
    roles: 'iam.kubesphere.io/roles',
    credentials: 'devops.kubesphere.io/credentials',
    pipelines: 'devops.kubesphere.io/pipelines',
    pipelineruns: 'devops.kubesphere.io/pipelineruns',
    applications: 'gitops.kubesphere.io/applications',
    gitrepositories: 'devops.kubesphere.io/gitrepositories',
    'devops-settings': 'devops.kubesphere.io/devopsprojects',
  },
};

/** What a template grants that its own key does not say, and why it may. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  // The platform's basic view has no kind behind it: what everybody may read is in the role `authenticated`.
  'global role-template-view-basic': ['view basic'],
  // A cluster is registered and removed by whoever manages clusters of the platform, not by those of one cluster.
  'cluster role-template-manage-cluster-settings': ['delete cluster-settings'],
  // Nodes are joined and removed by the installer.
  'cluster role-template-manage-nodes': ['delete nodes'],
};

const verbsOf: Readonly<Record<string, readonly string[]>> = {
  view: ['get', 'list'],
  create: ['create'],
  manage: ['get', 'list', 'update', 'delete'],
};

function isAllowed({ level, role }: Template, verb: string, feature: string): boolean {
  const [group = '', resource = ''] = (features[level][feature] ?? '').split('/');
  const place = level === 'project' || level === 'devops' ? { namespace: 'shop' } : {};
  return allows(compileRole(role.rules), attributesOf({ verb, group, resource, ...place }));
}

/** The template as a role has it: with all that it depends on. */
function whole(template: Template): Template {
  const byName = new Map(
    templates.filter(({ level }) => level === template.level).map(({ role }) => [role.metadata.name, role]),
  );
  const all = withDependencies([template.role.metadata.name], (name) => byName.get(name)).templates;
  return { ...template, role: { ...template.role, rules: all.flatMap(({ rules }) => rules ?? []) } };
}

const keysOf = ({ role }: Template): [feature: string, action: string][] =>
  Object.entries(
    JSON.parse(role.metadata.annotations?.[annotations.roleTemplateRules] ?? '{}') as Record<string, string>,
  );

describe('role templates', () => {
  it('are the 97 of KubeSphere 3.4, ten of them hidden in the editor', () => {
    expect(carriers).toHaveLength(97);
    const hidden = carriers.filter((object) => roleIn(object).metadata.labels?.[labels.roleTemplate] === 'false');
    expect(hidden).toHaveLength(10);
  });

  it.each(templates)('$title grants what its feature keys need', (template) => {
    for (const [feature, action] of keysOf(template)) {
      expect([
        template.level,
        feature,
        Object.hasOwn(features[template.level], feature) || feature === 'basic',
      ]).toEqual([template.level, feature, true]);
      for (const verb of verbsOf[action] ?? []) {
        const isExcepted =
          exceptions[template.title]?.includes(`${verb} ${feature}`) ||
          exceptions[template.title]?.includes(`${action} ${feature}`);
        expect([verb, feature, isAllowed(whole(template), verb, feature)]).toEqual([verb, feature, !isExcepted]);
      }
    }
  });

  it.each(templates.filter((template) => keysOf(template).every(([, action]) => action === 'view')))(
    '$title only looks',
    (template) => {
      for (const verb of ['create', 'update', 'patch', 'delete'])
        for (const feature of Object.keys(features[template.level]))
          expect([verb, feature, isAllowed(template, verb, feature)]).toEqual([verb, feature, false]);
    },
  );

  it.each(templates.filter(({ level }) => level === 'cluster'))(
    '$title reaches nothing that makes administrators',
    (one) => {
      const own = keysOf(one).map(([feature]) => feature);
      const asks: [verb: string, group: string, resource: string][] = [
        ['create', 'rbac.authorization.k8s.io', 'clusterrolebindings'],
        ['update', 'rbac.authorization.k8s.io', 'clusterroles'],
        ['create', 'iam.kubesphere.io', 'globalrolebindings'],
        ['update', 'iam.kubesphere.io', 'users'],
        ['impersonate', '', 'users'],
      ];
      for (const [verb, group, resource] of asks)
        expect([resource, allows(compileRole(one.role.rules), attributesOf({ verb, group, resource }))]).toEqual([
          resource,
          false,
        ]);
      if (!own.includes('secrets')) expect(isAllowed(one, 'get', 'secrets')).toBe(false);
    },
  );

  it.each(templates)('$title depends on templates of its level only', ({ level, role }) => {
    const byName = new Map(
      templates.filter((one) => one.level === level).map((one) => [one.role.metadata.name, one.role]),
    );
    const asked = namesIn(role.metadata.annotations?.[annotations.dependencies]);
    expect(withDependencies(asked, (name) => byName.get(name)).missing).toEqual([]);
  });
});
