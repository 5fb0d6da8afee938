import { lazy, Suspense, useState } from 'react';
import { useWindowEvent } from '@mantine/hooks';

const Notifications = lazy(() =>
  import('@mantine/notifications').then((library) => ({ default: library.Notifications })),
);

/** Where toasts appear. They follow what a user does, so their code comes with the first key or click, not with the page. */
export function ToastHost() {
  const [isUsed, setUsed] = useState(false);
  const use = () => setUsed(true);
  useWindowEvent('pointerdown', use);
  useWindowEvent('keydown', use);
  if (!isUsed) return null;
  return (
    <Suspense fallback={null}>
      <Notifications position="bottom-right" limit={4} />
    </Suspense>
  );
}
