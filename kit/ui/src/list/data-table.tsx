import { useRef, useState, type ReactNode } from 'react';
import { useMediaQuery } from '@mantine/hooks';
import type { Href } from '../place/href.ts';
import { ErrorState } from '../page/error-state.tsx';
import { Loading } from '../page/loading.tsx';
import { SidePanel } from '../page/side-panel.tsx';
import { useUiText } from '../text/ui-text.ts';
import { BulkBar } from './bulk-bar.tsx';
import type { BulkAction, Column, FilterDef, RowKey, StatusCount } from './column.ts';
import { FilterField } from './filter-field.tsx';
import type { ListControl } from './list-state.ts';
import { ListFoot } from './list-foot.tsx';
import { ListStatus } from './list-status.tsx';
import { NothingFound } from './nothing-found.tsx';
import { useSelection } from './selection.ts';
import { StatusBar } from './status-bar.tsx';
import { useSteadyRows } from './steady-rows.ts';
import { TableGrid } from './table-grid.tsx';
import type { ListResult } from './use-list.ts';
import { useTableKeys } from './use-table-keys.ts';
import classes from './data-table.module.css';

export interface DataTableProps<Row> {
  /** What the table lists, for assistive technology. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly list: ListResult<Row>;
  readonly control: ListControl;
  readonly rowKey: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  /** The row's page: its first column becomes the link, Enter goes there. */
  readonly open?: (row: Row) => Href;
  /** What the side panel tells about a row: Space, or a click beside the name. */
  readonly peek?: (row: Row) => ReactNode;
  readonly bulk?: readonly BulkAction<Row>[];
  readonly filters?: readonly FilterDef[];
  readonly counts?: readonly StatusCount[];
  /** Shown when there is nothing at all. */
  readonly empty: ReactNode;
  readonly keys?: readonly RowKey<Row>[];
}

/** A list as every page shows it: filter, counts, rows that keep still while in use, selection, pages, keyboard. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { list } = props;
  if (list.error && list.rows.length === 0) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (list.isLoading) return <Loading rows={8} />;
  return list.isEmpty ? props.empty : <FilledTable {...props} />;
}

const none: readonly never[] = [];

function FilledTable<Row>(props: DataTableProps<Row>) {
  const { list, control, rowKey, peek, bulk = none, filters = none, counts = none } = props;
  const isPhone = useMediaQuery('(max-width: 640px)') ?? false;
  const filterRef = useRef<HTMLInputElement>(null);
  const [isPointed, setPointed] = useState(false);
  const [peeked, setPeeked] = useState<string>();
  const selection = useSelection();
  const shown = useSteadyRows({
    fresh: list.rows,
    rowKey,
    inUse: [isPointed, selection.keys.size > 0, peeked !== undefined].some(Boolean) && !list.isChanging,
    view: JSON.stringify(control.view),
  });
  const togglePeek = (row: Row) => setPeeked(peeked === rowKey(row) ? undefined : rowKey(row));
  const [current, setCurrent] = useTableKeys({ ...props, rows: shown.rows, filterRef, togglePeek, selection });
  return (
    <div className={classes.root}>
      <div className={classes.tools}>
        <FilterField ref={filterRef} control={control} filters={filters} />
        <ListStatus list={list} added={shown.added} gone={shown.gone.size} onShow={shown.apply} />
      </div>
      <StatusBar counts={counts} control={control} />
      <BulkBar
        rows={shown.rows.filter((row) => selection.keys.has(rowKey(row)))}
        actions={bulk}
        onClear={selection.clear}
      />
      {shown.rows.length === 0 && <NothingFound control={control} />}
      {shown.rows.length > 0 && (
        <TableGrid
          {...props}
          rows={shown.rows}
          onPeek={peek && togglePeek}
          selection={bulk.length > 0 ? selection : undefined}
          current={current}
          onCurrent={setCurrent}
          onPointed={setPointed}
          isGone={(key) => shown.gone.has(key)}
          isPhone={isPhone}
        />
      )}
      <ListFoot control={control} total={list.total} />
      <PeekPanel
        {...props}
        row={shown.rows.find((row) => rowKey(row) === peeked)}
        onClose={() => setPeeked(undefined)}
      />
    </div>
  );
}

type PeekPanelProps<Row> = Pick<DataTableProps<Row>, 'peek' | 'rowName'> & {
  readonly row: Row | undefined;
  readonly onClose: () => void;
};

function PeekPanel<Row>({ row, peek, rowName, onClose }: PeekPanelProps<Row>) {
  const t = useUiText();
  return (
    <SidePanel opened={row !== undefined} onClose={onClose} title={row ? t('list.peek', { name: rowName(row) }) : ''}>
      {row && peek?.(row)}
    </SidePanel>
  );
}
