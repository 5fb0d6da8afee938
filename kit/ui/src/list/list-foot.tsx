import { ActionIcon } from '@mantine/core';
import { Icon } from '../icons/icon.tsx';
import { useUiText } from '../text/ui-text.ts';
import type { ListControl } from './list-state.ts';
import classes from './data-table.module.css';

/** How many there are, and the way to the other pages if there are any. */
export function ListFoot({ control, total }: { control: ListControl; total: number }) {
  const t = useUiText();
  const { page, limit } = control.view;
  const pages = Math.max(1, Math.ceil(total / limit));
  return (
    <div className={classes.foot}>
      <span>{t('list.count', { count: total })}</span>
      {(pages > 1 || page > 1) && (
        <nav className={classes.pager} aria-label={t('list.pages')}>
          <ActionIcon
            variant="subtle"
            aria-label={t('list.previous')}
            disabled={page <= 1}
            onClick={() => control.change({ page: page - 1 })}
          >
            <Icon name="chevron-left" />
          </ActionIcon>
          <span>{t('list.page', { page, pages })}</span>
          <ActionIcon
            variant="subtle"
            aria-label={t('list.next')}
            disabled={page >= pages}
            onClick={() => control.change({ page: page + 1 })}
          >
            <Icon name="chevron-right" />
          </ActionIcon>
        </nav>
      )}
    </div>
  );
}
