import { useRef, useState, type ReactNode } from 'react';
import { useMediaQuery } from '@mantine/hooks';
import { useGo } from '../place/use-go.ts';
import type { Href } from '../place/href.ts';
import { ErrorState } from '../page/error-state.tsx';
import { Loading } from '../page/loading.tsx';
import { SidePanel } from '../page/side-panel.tsx';
import { useUiText } from '../text/ui-text.ts';
import type { BulkAction, Column, FilterDef, RowKey, StatusCount } from './column.ts';
import type { ListControl } from './list-state.ts';
import type { ListResult } from './use-list.ts';
import { FilterField } from './filter-field.tsx';
import { ListFoot } from './list-foot.tsx';
import { ListStatus } from './list-status.tsx';
import { NothingFound } from './nothing-found.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { StatusBar } from './status-bar.tsx';
import { TableGrid } from './table-grid.tsx';
import { useRowKeys } from './row-keys.ts';
import { useSteadyRows } from './steady-rows.ts';
import { useSelection } from './selection.ts';
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
  const { label, list, control, rowKey, rowName, open, peek, bulk = [], filters = [], counts = [], keys = [] } = props;
  const t = useUiText();
  const go = useGo();
  const isPhone = useMediaQuery('(max-width: 640px)') ?? false;
  const filterRef = useRef<HTMLInputElement>(null);
  const [isPointed, setPointed] = useState(false);
  const [peeked, setPeeked] = useState<string>();
  const selection = useSelection();
  const inUse = isPointed || selection.keys.size > 0 || peeked !== undefined;
  const shown = useSteadyRows({ fresh: list.rows, rowKey, inUse, view: JSON.stringify(control.view) });
  const { rows } = shown;
  const togglePeek = (row: Row) => setPeeked(peeked === rowKey(row) ? undefined : rowKey(row));
  const [current, setCurrent] = useRowKeys({
    count: rows.length,
    onFilter: () => filterRef.current?.focus(),
    onOpen: (index) => rows[index] && open && go(open(rows[index])),
    onPeek: (index) => rows[index] && peek && togglePeek(rows[index]),
    onSelect: (index) => rows[index] && bulk.length > 0 && selection.toggle(rowKey(rows[index])),
    more: keys.map(({ key, run }) => ({ key, run: (index: number) => rows[index] && run(rows[index]) })),
  });
  const peekedRow = rows.find((row) => rowKey(row) === peeked);

  if (list.error && list.rows.length === 0) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (list.isLoading) return <Loading rows={8} />;
  if (list.isEmpty) return props.empty;
  return (
    <div className={classes.root}>
      <div className={classes.tools}>
        <FilterField ref={filterRef} control={control} filters={filters} />
        <ListStatus list={list} added={shown.added} gone={shown.gone} onShow={shown.apply} />
      </div>
      {counts.length > 0 && <StatusBar counts={counts} control={control} />}
      <BulkBar rows={rows.filter((row) => selection.keys.has(rowKey(row)))} actions={bulk} onClear={selection.clear} />
      {rows.length === 0 ? (
        <NothingFound control={control} />
      ) : (
        <TableGrid
          label={label}
          columns={props.columns}
          rows={rows}
          rowKey={rowKey}
          rowName={rowName}
          open={open}
          onPeek={peek && togglePeek}
          selection={bulk.length > 0 ? selection : undefined}
          current={current}
          onCurrent={setCurrent}
          onPointed={setPointed}
          isGone={shown.isGone}
          isPhone={isPhone}
          control={control}
        />
      )}
      <ListFoot control={control} total={list.total} />
      <SidePanel
        opened={peekedRow !== undefined}
        onClose={() => setPeeked(undefined)}
        title={peekedRow ? t('list.peek', { name: rowName(peekedRow) }) : ''}
      >
        {peekedRow && peek?.(peekedRow)}
      </SidePanel>
    </div>
  );
}
