import { Link, to } from '@kit/ui';
import { aliasOf, homeCluster, workspaceOf, type ProjectItem } from '../api.ts';
import { ProjectHealth } from './project-health.tsx';
import classes from '../tenancy.module.css';

/** Projects with how they are doing, for pages that show a handful of them. */
export function ProjectList({
  label,
  projects,
  withWorkspace = false,
}: {
  label: string;
  projects: readonly ProjectItem[];
  withWorkspace?: boolean;
}) {
  return (
    <ul className={classes.list} aria-label={label}>
      {projects.map((project) => {
        const { name } = project.metadata;
        const workspace = workspaceOf(project) ?? '';
        return (
          <li key={name} className={classes.line}>
            <Link
              href={to.project({ workspace, cluster: homeCluster, project: name }, '')}
              className={`fh-link ${classes.lineName}`}
            >
              {name}
            </Link>
            <span className={`fh-soft ${classes.lineDetail}`}>
              {aliasOf(project) ?? (withWorkspace ? workspace : '')}
            </span>
            <ProjectHealth project={name} />
          </li>
        );
      })}
    </ul>
  );
}
