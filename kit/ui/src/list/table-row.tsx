import { useEffect, useRef, useState, type MouseEvent } from 'react';
import { Checkbox } from '@mantine/core';
import { Link } from '../place/link.tsx';
import { useUiText } from '../text/ui-text.ts';
import type { Column } from './column.ts';
import type { TableGridProps } from './table-grid.tsx';
import classes from './data-table.module.css';

interface TableRowProps<Row> extends TableGridProps<Row> {
  readonly row: Row;
  readonly index: number;
}

/** Names one of two equal animations, so that each change of the row starts the other one. */
function useTint(row: unknown): 'odd' | 'even' | undefined {
  const [seen, setSeen] = useState({ row, changes: 0 });
  if (seen.row !== row) setSeen({ row, changes: seen.changes + 1 });
  if (seen.changes === 0) return undefined;
  return seen.changes % 2 === 0 ? 'even' : 'odd';
}

/** One row: its first column opens it, a click beside any control shows its summary. */
export function TableRow<Row>({ row, index, ...table }: TableRowProps<Row>) {
  const { columns, rowKey, rowName, selection, current, onCurrent, onPeek, isGone } = table;
  const t = useUiText();
  const element = useRef<HTMLTableRowElement>(null);
  const isCurrent = current === index;
  const tint = useTint(row);
  useEffect(() => {
    if (isCurrent) element.current?.focus({ preventScroll: true });
  }, [isCurrent]);
  const key = rowKey(row);
  const isSelected = selection?.keys.has(key) ?? false;
  const onClick = (event: MouseEvent<HTMLElement>) => {
    if ((event.target as HTMLElement).closest('a, button, input, label')) return; // an event of this row's own elements
    onCurrent(index);
    onPeek?.(row);
  };
  return (
    <tr
      ref={element}
      className={classes.row}
      tabIndex={isCurrent || (current < 0 && index === 0) ? 0 : -1}
      aria-rowindex={index + 2}
      data-changed={tint}
      data-selected={isSelected || undefined}
      data-gone={isGone(key) || undefined}
      data-peek={onPeek ? true : undefined}
      onClick={onClick}
    >
      {selection && (
        <td className={classes.check}>
          <Checkbox
            size="xs"
            aria-label={t('list.select', { name: rowName(row) })}
            checked={isSelected}
            onChange={() => selection.toggle(key)}
          />
        </td>
      )}
      {columns.map((column, position) => (
        <Cell key={column.id} column={column} row={row} isFirst={position === 0} open={table.open} />
      ))}
    </tr>
  );
}

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly isFirst: boolean;
  readonly open: TableGridProps<Row>['open'];
}

function Cell<Row>({ column, row, isFirst, open }: CellProps<Row>) {
  const value = column.render(row);
  const phone = column.phone ?? (isFirst ? 'first' : undefined);
  return (
    <td data-align={column.align} data-phone={phone ?? 'hidden'} title={typeof value === 'string' ? value : undefined}>
      {isFirst && open ? (
        <Link href={open(row)} tabIndex={-1}>
          {value}
        </Link>
      ) : (
        value
      )}
    </td>
  );
}
