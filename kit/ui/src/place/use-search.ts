import { useCallback } from 'react';
import { useNavigate, useSearch as useRouterSearch } from '@tanstack/react-router';

export type SearchValues = Readonly<Record<string, string | undefined>>;

/** The query part of the URL, and a way to change some of it; undefined takes a value out. */
export function useSearch(): [SearchValues, (change: SearchValues) => void] {
  const search: SearchValues = useRouterSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (next: SearchValues) => {
      void navigate({
        to: '.',
        replace: true,
        search: (old: SearchValues) =>
          Object.fromEntries(
            Object.entries({ ...old, ...next }).filter(([, value]) => value !== undefined && value !== ''),
          ),
      } as Parameters<typeof navigate>[0]); // routes are made at run time, so their search has no static type
    },
    [navigate],
  );
  return [search, change];
}
