import { useEffect, useRef, type RefObject } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Checkbox } from '@mantine/core';
import { Icon } from '../icons/icon.tsx';
import type { Href } from '../place/href.ts';
import { useUiText } from '../text/ui-text.ts';
import type { Column } from './column.ts';
import type { ListControl } from './list-state.ts';
import type { Selection } from './selection.ts';
import { TableRow } from './table-row.tsx';
import classes from './data-table.module.css';

export interface TableGridProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  readonly open?: (row: Row) => Href;
  readonly onPeek?: (row: Row) => void;
  readonly selection?: Selection;
  readonly current: number;
  readonly onCurrent: (index: number) => void;
  readonly onPointed: (isPointed: boolean) => void;
  readonly isGone: (key: string) => boolean;
  readonly isPhone: boolean;
  readonly control: ListControl;
}

// As in the style sheet.
const rowHeight = { desk: 36, phone: 58 };

/** The rows themselves; only those in sight are in the document. */
export function TableGrid<Row>(props: TableGridProps<Row>) {
  const { rows, columns, rowKey, selection, isPhone, onPointed } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { indexes, before, after } = useRowsInSight(props, scroller);
  const span = columns.length + (selection ? 1 : 0);
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      onPointerEnter={() => onPointed(true)}
      onPointerLeave={() => onPointed(false)}
    >
      <table
        className={isPhone ? classes.phone : classes.table}
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
      >
        <colgroup>
          {selection && <col className={classes.checkColumn} />}
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width }} />
          ))}
        </colgroup>
        <Head {...props} />
        <tbody>
          <Gap height={before} span={span} />
          {indexes.map((index) => {
            const row = rows[index];
            return row === undefined ? null : <TableRow key={rowKey(row)} {...props} row={row} index={index} />;
          })}
          <Gap height={after} span={span} />
        </tbody>
      </table>
    </div>
  );
}

function useRowsInSight<Row>(
  { rows, isPhone, current }: Pick<TableGridProps<Row>, 'rows' | 'isPhone' | 'current'>,
  scroller: RefObject<HTMLDivElement | null>,
): { indexes: readonly number[]; before: number; after: number } {
  // eslint-disable-next-line react-hooks/incompatible-library -- what it returns is read in this hook only, anew at each render
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isPhone ? rowHeight.phone : rowHeight.desk),
    overscan: 12,
  });
  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(current);
  }, [current, virtual]);
  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.end ?? 0;
  return {
    indexes: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    after: virtual.getTotalSize() - end,
  };
}

/** Holds the place of the rows that are out of sight. */
function Gap({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function Head<Row>({ columns, rows, rowKey, selection, control }: TableGridProps<Row>) {
  const t = useUiText();
  const keys = rows.map(rowKey);
  const selected = keys.filter((key) => selection?.keys.has(key)).length;
  return (
    <thead>
      <tr>
        {selection && (
          <th scope="col">
            <Checkbox
              size="xs"
              aria-label={t('list.selectAll')}
              checked={selected > 0 && selected === keys.length}
              indeterminate={selected > 0 && selected < keys.length}
              onChange={(event) => selection.set(keys, event.currentTarget.checked)}
            />
          </th>
        )}
        {columns.map((column) => (
          <HeadCell key={column.id} column={column} control={control} />
        ))}
      </tr>
    </thead>
  );
}

function HeadCell<Row>({ column, control }: { column: Column<Row>; control: ListControl }) {
  const { sort: key, title, align } = column;
  const { sort, ascending } = control.view;
  const isSorted = key !== undefined && key === sort;
  const direction = ascending ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={isSorted ? direction : undefined} data-align={align}>
      {key === undefined ? (
        title
      ) : (
        <button
          type="button"
          className={classes.sort}
          onClick={() => control.change({ sort: key, ascending: isSorted ? !ascending : true })}
        >
          {title}
          {isSorted && <Icon name={ascending ? 'arrow-up' : 'arrow-down'} size={12} />}
        </button>
      )}
    </th>
  );
}
