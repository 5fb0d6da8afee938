import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api, ErrorState, isRequestError, Page, usePlace } from '@kit/ui';
import { placeSources } from './breadcrumb.tsx';

/** Shows the pages of a place, unless it does not exist: Kubernetes answers a project that is not there with empty lists. */
export function PlaceGate({ children }: { children: ReactNode }) {
  const { place, workspace = '', project = '' } = usePlace();
  const path = placeSources.find((source) => source.place === place)?.pathOf({ workspace, project });
  const { error, refetch } = useQuery({
    queryKey: ['object', path],
    queryFn: ({ signal }) => api.get(path ?? '', { signal }),
    enabled: path !== undefined,
  });
  // A right that is missing is said by the page, which knows what it was for.
  if (!isRequestError(error) || error.status !== 404) return children;
  return (
    <Page title={project || workspace}>
      <ErrorState error={error} onRetry={() => void refetch()} />
    </Page>
  );
}
