import { useTranslation } from 'react-i18next';
import { to, useCanAll, usePlace, type ConsoleFeature, type Href, type IconName, type NavEntry } from '@kit/ui';
import { features } from '../features.ts';

export interface NavItem {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  readonly href: Href;
}

type Owned = NavEntry & { readonly feature: ConsoleFeature };

const entries: readonly Owned[] = features
  .flatMap((feature) => feature.nav.map((entry) => ({ ...entry, feature })))
  .sort((a, b) => a.order - b.order);

function hrefOf({ feature, page, place }: Owned, at: ReturnType<typeof usePlace>): Href {
  const path = feature.pages.find(({ id }) => id === page)?.path ?? '';
  const { workspace = '', cluster = '', project = '' } = at;
  if (place === 'project') return to.project({ workspace, cluster, project }, path);
  return place === 'workspace' ? to.workspace(workspace, path) : to.platform(path);
}

/** The navigation of the current place: what the user has no right to is not listed. */
export function useNav(): readonly NavItem[] {
  const at = usePlace();
  const { t } = useTranslation();
  const here = entries.filter(({ place }) => place === at.place);
  const asked = here.filter(({ needs }) => needs);
  const verdicts = useCanAll(asked.flatMap(({ needs }) => (needs ? [needs] : [])));
  const isAllowed = (entry: Owned) => !entry.needs || (verdicts[asked.indexOf(entry)]?.allowed ?? false);
  return here.filter(isAllowed).map((entry) => ({
    id: `${entry.feature.id}/${entry.page}`,
    label: t(entry.label, { ns: entry.feature.id }),
    icon: entry.icon,
    href: hrefOf(entry, at),
  }));
}
