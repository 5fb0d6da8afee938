import { useEffect, type ReactNode } from 'react';
import { useSearch } from '../place/use-search.ts';
import classes from './page.module.css';

/** One tab of a page; its id stands in the URL as `?tab=`. */
export interface PageTab {
  readonly id: string;
  readonly label: string;
}

interface PageProps {
  readonly title: string;
  /** What it is and how it is doing, in one sentence. */
  readonly sentence?: ReactNode;
  /** The state, before the title. */
  readonly mark?: ReactNode;
  /** The two or three likeliest actions, then a menu. */
  readonly actions?: ReactNode;
  readonly tabs?: readonly PageTab[];
  readonly children: ReactNode;
}

/** The tab the URL names, or the first. */
export function useTab(tabs: readonly PageTab[]): string {
  const [search] = useSearch();
  return tabs.find(({ id }) => id === search['tab'])?.id ?? tabs[0]?.id ?? '';
}

/** The frame of every page: title, one sentence, actions, tabs, content. */
export function Page({ title, sentence, mark, actions, tabs = [], children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Freehold`;
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.words}>
          <h1 className={classes.title}>
            {mark}
            <span className={classes.name}>{title}</span>
          </h1>
          {sentence && <p className={classes.sentence}>{sentence}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {tabs.length > 0 && <TabBar tabs={tabs} label={title} />}
      <div className={classes.content}>{children}</div>
    </div>
  );
}

function TabBar({ tabs, label }: { tabs: readonly PageTab[]; label: string }) {
  const current = useTab(tabs);
  const [, setSearch] = useSearch();
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ id, label: text }, index) => (
        <button
          key={id}
          type="button"
          className={classes.tab}
          aria-current={id === current ? 'page' : undefined}
          onClick={() => setSearch({ tab: index === 0 ? undefined : id, page: undefined, q: undefined })}
        >
          {text}
        </button>
      ))}
    </nav>
  );
}
