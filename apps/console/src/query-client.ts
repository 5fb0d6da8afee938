import { isRequestError } from '@kit/ui';
import { QueryClient } from '@tanstack/react-query';

/** Only what may go better the next time is asked again: no answer, or a failing server. */
function isPassing(error: unknown): boolean {
  return !isRequestError(error) || error.status === 0 || error.status >= 500;
}

/** The cache of everything the server said. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        gcTime: 5 * 60_000,
        retry: (count, error) => count < 2 && isPassing(error),
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
