import { Icon, Link, to, usePlace, type Href, type PlaceSource } from '@kit/ui';
import { features } from '../features.ts';
import { useShellText } from '../text.ts';
import { PlaceChooser } from './place-chooser.tsx';
import classes from './shell.module.css';

interface Crumb {
  readonly id: string;
  readonly name: string;
  readonly href: Href;
  readonly source?: PlaceSource;
}

export const placeSources: readonly PlaceSource[] = features.flatMap(({ places = [] }) => places);

function sourceOf(place: PlaceSource['place']): PlaceSource | undefined {
  return placeSources.find((source) => source.place === place);
}

function crumbsOf({ workspace, cluster, project }: ReturnType<typeof usePlace>, platform: string): Crumb[] {
  const crumbs: Crumb[] = [{ id: 'platform', name: platform, href: to.platform('') }];
  if (workspace)
    crumbs.push({ id: 'workspace', name: workspace, href: to.workspace(workspace, ''), source: sourceOf('workspace') });
  if (workspace && cluster && project) {
    crumbs.push({
      id: 'project',
      name: `${project} @ ${cluster}`,
      href: to.project({ workspace, cluster, project }, ''),
      source: sourceOf('project'),
    });
  }
  return crumbs;
}

/** Where one is; every part opens the list of its siblings, the last one the list of what lies below. */
export function Breadcrumb() {
  const t = useShellText();
  const at = usePlace();
  const crumbs = crumbsOf(at, t('platform'));
  const below =
    at.place === 'platform' ? sourceOf('workspace') : at.place === 'workspace' ? sourceOf('project') : undefined;
  return (
    <nav className={classes.crumbs} aria-label={t('place')}>
      <Link href={to.platform('')} className={classes.logo} aria-label={t('workbench')}>
        <img src="/favicon.svg" width={22} height={22} alt="" />
      </Link>
      {crumbs.map(({ id, name, href, source }, index) => (
        <span key={id} className={classes.crumb} data-place={id} data-last={index === crumbs.length - 1 || undefined}>
          {index > 0 && <Icon name="chevron-right" size={12} />}
          <Link href={href} className={classes.crumbLink}>
            {name}
          </Link>
          {source && <PlaceChooser source={source} workspace={at.workspace} label={t('place.choose', { name })} />}
        </span>
      ))}
      {below && (
        <PlaceChooser
          source={below}
          workspace={at.workspace}
          label={t(below.place === 'workspace' ? 'place.openWorkspace' : 'place.openProject')}
          withLabel
        />
      )}
    </nav>
  );
}
