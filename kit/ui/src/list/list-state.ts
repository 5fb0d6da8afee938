import { useMemo } from 'react';
import { useSearch, type SearchValues } from '../place/use-search.ts';

/** What of a list is asked for. All of it stands in the URL, so a view can be shared. */
export interface ListView {
  readonly page: number;
  readonly limit: number;
  readonly sort: string | undefined;
  readonly ascending: boolean;
  /** Free text. */
  readonly search: string;
  /** Filter tokens: `status` -> `failing`. */
  readonly tokens: Readonly<Record<string, string>>;
}

export interface ListControl {
  readonly view: ListView;
  /** Changes part of the view; anything but the page leads back to the first page. */
  readonly change: (next: Partial<Omit<ListView, 'tokens'>>) => void;
  /** Sets a token, or drops it with undefined. */
  readonly setToken: (token: string, value: string | undefined) => void;
  readonly clear: () => void;
}

export interface ListDefaults {
  readonly sort?: string;
  readonly ascending?: boolean;
  readonly limit?: number;
}

const own = new Set(['page', 'limit', 'sort', 'order', 'q', 'tab', 'peek']);

function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

/** Reads a view from the URL's query; what it does not say is the page's default. */
export function readView(search: SearchValues, defaults: ListDefaults): ListView {
  const tokens = Object.entries(search).filter(
    (entry): entry is [string, string] => !own.has(entry[0]) && Boolean(entry[1]),
  );
  return {
    page: positive(search['page'], 1),
    limit: Math.min(positive(search['limit'], defaults.limit ?? 50), 1000),
    sort: search['sort'] ?? defaults.sort,
    ascending: search['order'] ? search['order'] === 'asc' : (defaults.ascending ?? false),
    search: search['q'] ?? '',
    tokens: Object.fromEntries(tokens),
  };
}

function written(next: Partial<Omit<ListView, 'tokens'>>): SearchValues {
  const { page, limit, sort, ascending, search } = next;
  return {
    page: page && page > 1 ? String(page) : undefined,
    ...('limit' in next ? { limit: limit ? String(limit) : undefined } : {}),
    ...('sort' in next ? { sort } : {}),
    ...('ascending' in next ? { order: ascending ? 'asc' : 'desc' } : {}),
    ...('search' in next ? { q: search } : {}),
  };
}

/** The list view that the URL says, and the ways to change it. */
export function useListState(defaults: ListDefaults = {}): ListControl {
  const [search, setSearch] = useSearch();
  const { sort, ascending, limit } = defaults;
  return useMemo(() => {
    const view = readView(search, { sort, ascending, limit });
    return {
      view,
      change: (next) => setSearch(written(next)),
      setToken: (token, value) => setSearch({ [token]: value, page: undefined }),
      clear: () =>
        setSearch({
          q: undefined,
          page: undefined,
          ...Object.fromEntries(Object.keys(view.tokens).map((token) => [token, undefined])),
        }),
    };
  }, [search, setSearch, sort, ascending, limit]);
}
