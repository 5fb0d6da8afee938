import { ApiError } from '@kit/base';
import type { View } from '@kit/kube';

/** How long a caller waits for kinds that are listed for the first time. */
const patienceMs = 5000;

/** Waits for views that have not been read yet; one that cannot be, because the cluster does not serve the kind or cannot be reached, must not keep the caller waiting. */
export async function untilSynced(...views: readonly View[]): Promise<void> {
  const behind = views.filter(({ synced }) => !synced);
  if (behind.length === 0) return;
  const patience = AbortSignal.timeout(patienceMs);
  for (const view of behind) {
    try {
      await view.ready(patience);
    } catch (cause) {
      const message = `the list of ${view.type.plural} has not been read from the cluster yet`;
      throw new ApiError('ServiceUnavailable', message, { cause });
    }
  }
}
