import type { ListControl } from './list-state.ts';
import type { ListResult } from './use-list.ts';

/** A list that was had whole, and how its rows are found and ordered. */
interface LocalListOptions<Row> {
  readonly query: {
    readonly data: readonly Row[] | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly dataUpdatedAt: number;
    readonly refetch: () => unknown;
  };
  readonly control: ListControl;
  /** What free text is looked for in. */
  readonly text: (row: Row) => string;
  /** By the `sort` of the columns. */
  readonly sorts?: Readonly<Record<string, (row: Row) => string>>;
  /** Filter token -> whether a row has that value. */
  readonly tokens?: Readonly<Record<string, (row: Row, value: string) => boolean>>;
}

function compare(left: string, right: string): number {
  return left.localeCompare(right, undefined, { numeric: true });
}

/** Filters, sorts and pages what the server gives only whole, so that a short list behaves as every other. */
export function useLocalList<Row>({
  query,
  control,
  text,
  sorts = {},
  tokens = {},
}: LocalListOptions<Row>): ListResult<Row> {
  const { view } = control;
  const all = query.data ?? [];
  const words = view.search.toLowerCase();
  const found = all.filter(
    (row) =>
      text(row).toLowerCase().includes(words) &&
      Object.entries(view.tokens).every(([token, value]) => tokens[token]?.(row, value) ?? true),
  );
  const by = view.sort === undefined ? undefined : sorts[view.sort];
  const sorted = by ? found.toSorted((a, b) => (view.ascending ? 1 : -1) * compare(by(a), by(b))) : found;
  const start = (view.page - 1) * view.limit;
  return {
    rows: sorted.slice(start, start + view.limit),
    total: found.length,
    isLoading: query.isPending,
    isChanging: false,
    isEmpty: query.data?.length === 0,
    error: query.error,
    asOf: query.dataUpdatedAt,
    connection: undefined,
    refetch: () => void query.refetch(),
  };
}
