import type { RefObject } from 'react';
import { useGo } from '../place/use-go.ts';
import type { DataTableProps } from './data-table.tsx';
import { useRowKeys } from './row-keys.ts';
import type { Selection } from './selection.ts';

interface Options<Row> extends Pick<DataTableProps<Row>, 'open' | 'peek' | 'bulk' | 'keys' | 'rowKey'> {
  readonly rows: readonly Row[];
  readonly filterRef: RefObject<HTMLInputElement | null>;
  readonly togglePeek: (row: Row) => void;
  readonly selection: Selection;
}

/** Binds the keys of a list to what this table can do. Gives the index of the current row, -1 for none. */
export function useTableKeys<Row>(options: Options<Row>): [number, (index: number) => void] {
  const { rows, open, peek, bulk = [], keys = [], rowKey, filterRef, togglePeek, selection } = options;
  const go = useGo();
  const onRow = (act: (row: Row) => void) => (index: number) => {
    const row = rows[index];
    if (row !== undefined) act(row);
  };
  return useRowKeys({
    count: rows.length,
    onFilter: () => filterRef.current?.focus(),
    onOpen: onRow((row) => open && go(open(row))),
    onPeek: onRow((row) => peek && togglePeek(row)),
    onSelect: onRow((row) => bulk.length > 0 && selection.toggle(rowKey(row))),
    more: keys.map(({ key, run }) => ({ key, run: onRow(run) })),
  });
}
