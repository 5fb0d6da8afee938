import { Button, Tooltip } from '@mantine/core';
import { Icon } from '../icons/icon.tsx';
import { useUiText } from '../text/ui-text.ts';
import type { BulkAction } from './column.ts';
import classes from './data-table.module.css';

interface BulkBarProps<Row> {
  readonly rows: readonly Row[];
  readonly actions: readonly BulkAction<Row>[];
  readonly onClear: () => void;
}

/** What can be done with the selected rows; shown while there are some. */
export function BulkBar<Row>({ rows, actions, onClear }: BulkBarProps<Row>) {
  const t = useUiText();
  if (rows.length === 0) return null;
  return (
    <div className={classes.bulk} role="region" aria-label={t('list.selected', { count: rows.length })}>
      <span>{t('list.selected', { count: rows.length })}</span>
      {actions.map(({ id, label, icon, disabledReason, run }) => (
        <Tooltip key={id} label={disabledReason} disabled={!disabledReason}>
          <Button
            leftSection={icon && <Icon name={icon} size={14} />}
            aria-disabled={disabledReason ? true : undefined}
            data-disabled={disabledReason ? true : undefined}
            onClick={() => !disabledReason && run(rows, onClear)}
          >
            {label}
          </Button>
        </Tooltip>
      ))}
      <Button variant="subtle" onClick={onClear}>
        {t('list.clearSelection')}
      </Button>
    </div>
  );
}
