import { useRouterState } from '@tanstack/react-router';
import { Icon, Link } from '@kit/ui';
import { useShellText } from '../text.ts';
import { useNav, type NavItem } from './use-nav.ts';
import classes from './shell.module.css';

/** The entry whose page, or whose page's parent, is open: the longest match wins. */
function currentId(items: readonly NavItem[], path: string): string | undefined {
  const matching = items.filter(({ href }) => path === href || path.startsWith(href === '/' ? '//' : `${href}/`));
  return matching.sort((a, b) => b.href.length - a.href.length)[0]?.id;
}

/** The links of the current place. */
export function Navigation() {
  const t = useShellText();
  const items = useNav();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const current = currentId(items, path);
  return (
    <nav aria-label={t('nav')}>
      <ul className={classes.navList}>
        {items.map(({ id, label, icon, href }) => (
          <li key={id}>
            <Link href={href} className={classes.navLink} aria-current={id === current ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
