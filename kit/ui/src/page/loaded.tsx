import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';
import { Loading } from './loading.tsx';

interface LoadedProps<Data> {
  /** A query; what it knows is shown even when asking again has failed. */
  readonly query: { readonly data: Data | undefined; readonly error: unknown; readonly refetch: () => unknown };
  /** Bars of the skeleton. */
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** A skeleton, then what was loaded, or why it could not be. */
export function Loaded<Data>({ query, rows, children }: LoadedProps<Data>) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Loading rows={rows} />;
}
