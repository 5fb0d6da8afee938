import { useEffect, useEffectEvent, useRef } from 'react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type QueryValue } from '../api/api.ts';
import { updateRows } from '../live/apply-events.ts';
import { listObjects } from '../live/list-objects.ts';
import { useWatch } from '../live/use-watch.ts';
import type { Connection, LiveObject } from '../live/watch-socket.ts';
import type { ListControl, ListView } from './list-state.ts';

/** A page of a list, as the platform's list endpoints answer. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly totalItems: number;
}

export interface ListResult<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly isLoading: boolean;
  /** Other rows were asked for and these are still the ones before. */
  readonly isChanging: boolean;
  /** There is nothing at all, and no filter hides anything. */
  readonly isEmpty: boolean;
  readonly error: unknown;
  /** When the rows were true, in milliseconds. */
  readonly asOf: number;
  /** undefined for a list that is not followed. */
  readonly connection: Connection | undefined;
  readonly refetch: () => void;
}

interface ListOptions {
  /** e.g. `/kapis/resources.kubesphere.io/v1alpha3/namespaces/shop/deployments` */
  readonly path: string;
  readonly control: ListControl;
  /** Filter token -> the server's parameter; a token that is not listed goes by its own name. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Always sent. */
  readonly params?: Readonly<Record<string, QueryValue>>;
  /** Pass-through list URL of the same objects; makes the list live. */
  readonly watch?: { readonly path: string; readonly labelSelector?: string; readonly fieldSelector?: string };
  readonly enabled?: boolean;
}

const noPage: ListPage<never> = { items: [], totalItems: 0 };

function isFiltered({ search, tokens }: ListView): boolean {
  return search !== '' || Object.keys(tokens).length > 0;
}

/** The query parameters of the platform's list endpoints for a view. */
export function listParams(view: ListView, tokens: Readonly<Record<string, string>> = {}): Record<string, QueryValue> {
  const filters = Object.entries(view.tokens).map(([token, value]): [string, string] => [
    tokens[token] ?? token,
    value,
  ]);
  return {
    page: view.page,
    limit: view.limit,
    sortBy: view.sort,
    ascending: view.sort ? view.ascending : undefined,
    name: view.search,
    ...Object.fromEntries(filters),
  };
}

const settleMs = 700;

/** Runs `action` a little after it was first asked for, however often it is asked for meanwhile. */
function useSettled(action: () => void): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      action();
    }, settleMs);
  };
}

/** One page of a server-paged list, followed by a watch if one is named: values change in place, the rest is listed again. */
export function useList<Row>({ path, control, tokens, params, watch, enabled = true }: ListOptions): ListResult<Row> {
  const client = useQueryClient();
  const asked = { ...params, ...listParams(control.view, tokens) };
  const queryKey = ['list', path, asked];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<ListPage<Row>>(path, { query: asked, signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
  const connection = useListWatch<Row>({
    watch: enabled ? watch : undefined,
    update: (change) =>
      client.setQueryData<ListPage<Row>>(queryKey, (page) => page && { ...page, items: change(page.items) }),
    refresh: () => void client.invalidateQueries({ queryKey: ['list', path] }),
  });
  const page = query.data ?? noPage;
  return {
    rows: page.items,
    total: page.totalItems,
    isLoading: query.isPending && enabled,
    isChanging: query.isPlaceholderData,
    isEmpty: query.isSuccess && page.totalItems === 0 && !isFiltered(control.view),
    error: query.error,
    asOf: query.dataUpdatedAt,
    connection,
    refetch: () => void query.refetch(),
  };
}

interface ListWatch<Row> {
  readonly watch: ListOptions['watch'];
  readonly update: (change: (rows: readonly Row[]) => readonly Row[]) => void;
  readonly refresh: () => void;
}

function useListWatch<Row>({ watch, update, refresh }: ListWatch<Row>): Connection | undefined {
  const settle = useSettled(refresh);
  const search = new URLSearchParams();
  if (watch?.labelSelector) search.set('labelSelector', watch.labelSelector);
  if (watch?.fieldSelector) search.set('fieldSelector', watch.fieldSelector);
  const url = watch && (search.size > 0 ? `${watch.path}?${search}` : watch.path);
  // The list endpoint does not say which version it shows, so the watch starts from one that was asked for before.
  const start = useQuery({
    queryKey: ['version', url],
    queryFn: ({ signal }) => listObjects(`${url}${url?.includes('?') ? '&' : '?'}limit=1`, signal),
    enabled: url !== undefined,
    staleTime: Infinity,
    gcTime: 0,
  });
  const connection = useWatch<Row & LiveObject>({
    path: url,
    resourceVersion: start.data?.resourceVersion,
    onEvents: (events) => {
      update((rows) => updateRows(rows as readonly (Row & LiveObject)[], events)); // rows of a watched list are the watched objects
      settle();
    },
    onExpired: () => start.refetch(),
  });
  const onLive = useEffectEvent(() => connection === 'live' && refresh());
  useEffect(() => void onLive(), [connection]);
  return watch && connection;
}
