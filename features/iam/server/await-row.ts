import type { Clock } from '@kit/base';
import type { View } from '@kit/kube';

const patienceMs = 2000;

/**
 * Waits until a view shows what was just written, so that the caller's next request sees it too. Gives up quietly after
 * two seconds: the write itself has been acknowledged, and the view will come.
 */
export function awaitRow(clock: Clock, view: View, isThere: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      unsubscribe();
      resolve();
    };
    const cancel = clock.after(patienceMs, done);
    const unsubscribe = view.subscribe(() => {
      if (isThere()) done();
    });
    if (isThere()) done();
  });
}
