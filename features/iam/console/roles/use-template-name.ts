import { useText } from '../text.ts';
import type { Template } from './templates.ts';

const verbs = ['view', 'manage', 'create'] as const;
const subjects = [
  'alerting-messages',
  'alerting-policies',
  'app-repos',
  'app-templates',
  'app-workloads',
  'basic',
  'cluster-monitoring',
  'cluster-settings',
  'clusters',
  'components',
  'configmaps',
  'crds',
  'credentials',
  'custom-monitoring',
  'devops',
  'devops-settings',
  'gitops-applications',
  'gitrepositories',
  'groups',
  'members',
  'network-resources',
  'nodes',
  'pipelineruns',
  'pipelines',
  'platform-settings',
  'project-resources',
  'project-settings',
  'projects',
  'roles',
  'secrets',
  'serviceaccount',
  'snapshots',
  'storageclasses',
  'users',
  'volume-snapshot-classes',
  'volume-snapshots',
  'volumes',
  'workspace-settings',
  'workspaces',
] as const;
const modules = {
  '': 'basics',
  'Access Control': 'access',
  'Application Workloads': 'workloads',
  'Apps Management': 'apps',
  'Cluster Resources Management': 'clusterResources',
  'Cluster Settings': 'clusterSettings',
  'Clusters Management': 'clusters',
  'Code Repositories Management': 'code',
  'Configuration Center': 'configuration',
  'Continuous Deployments Management': 'deployments',
  'Credentials Management': 'credentials',
  'DevOps Management': 'devops',
  'DevOps Settings': 'devopsSettings',
  'Monitoring & Alerting': 'monitoring',
  'Network Management': 'network',
  'Pipelines Management': 'pipelines',
  'Platform Settings': 'platformSettings',
  'Project Resources Management': 'projectResources',
  'Project Settings': 'projectSettings',
  'Projects Management': 'projects',
  'Storage Management': 'storage',
  'Workspace Settings': 'workspaceSettings',
} as const;

/** Names built-in templates in the user's language, others by their alias or name. */
export function useTemplateName(): (template: Pick<Template, 'name' | 'alias'>) => string {
  const t = useText();
  return ({ name, alias }) => {
    const [, verbText, subjectText] = /^role-template-([a-z]+)-(.+)$/.exec(name) ?? [];
    const verb = verbs.find((one) => one === verbText);
    const subject = subjects.find((one) => one === subjectText);
    if (!verb || !subject) return alias ?? name;
    return t(`template.${verb}`, { what: t(`template.what.${subject}`) });
  };
}

/** Names the headings of the templates. */
export function useModuleName(): (module: string) => string {
  const t = useText();
  return (module) => {
    const known = modules[module as keyof typeof modules] as (typeof modules)[keyof typeof modules] | undefined; // any text may stand there
    return known ? t(`template.module.${known}`) : module;
  };
}
