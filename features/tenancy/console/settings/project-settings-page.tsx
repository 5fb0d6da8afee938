import { useQuery } from '@tanstack/react-query';
import { api, Loaded, Page, Section, to, useGo, useProject, useTab } from '@kit/ui';
import { paths, type ProjectItem } from '../api.ts';
import { ProjectActions } from '../projects/project-actions.tsx';
import { useText } from '../text.ts';
import { DefaultLimits } from './default-limits.tsx';
import { ProjectQuota } from './project-quota.tsx';
import { NamesForm } from './workspace-settings-page.tsx';

/** What a project is called, and what limits it. */
export default function ProjectSettingsPage() {
  const t = useText();
  const go = useGo();
  const { workspace, project } = useProject();
  const path = paths.project(workspace, project);
  const query = useQuery({
    queryKey: ['object', path],
    queryFn: ({ signal }) => api.get<ProjectItem>(path, { signal }),
  });
  const tabs = [
    { id: 'limits', label: t('quota.title') },
    { id: 'names', label: t('settings.general') },
  ];
  const tab = useTab(tabs);
  return (
    <Page
      title={t('settings.title')}
      sentence={t('settings.project.sentence', { name: project })}
      actions={
        query.data && (
          <ProjectActions
            workspace={workspace}
            project={query.data}
            onGone={() => go(to.workspace(workspace, 'projects'))}
          />
        )
      }
      tabs={tabs}
    >
      {tab === 'names' ? (
        <Loaded query={query}>
          {(item) => (
            <Section title={t('settings.names')}>
              <NamesForm key={item.metadata.resourceVersion} item={item} path={path} />
            </Section>
          )}
        </Loaded>
      ) : (
        <>
          <ProjectQuota project={project} />
          <DefaultLimits project={project} />
        </>
      )}
    </Page>
  );
}
