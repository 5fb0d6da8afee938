import { lazy, Suspense, useState } from 'react';
import { useHotkeys } from '@mantine/hooks';

const KeysDialog = lazy(() =>
  import('./keys-dialog.tsx').then(({ KeysDialog: component }) => ({ default: component })),
);

/** All keys, on `?`; the dialog's code is loaded the first time. */
export function KeysHelp() {
  const [state, setState] = useState<'unused' | 'open' | 'closed'>('unused');
  useHotkeys([['shift + ?', () => setState('open')]]);
  if (state === 'unused') return null;
  return (
    <Suspense fallback={null}>
      <KeysDialog opened={state === 'open'} onClose={() => setState('closed')} />
    </Suspense>
  );
}
