import { lazy, Suspense, useState } from 'react';
import { UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { Icon } from '@kit/ui';
import { useShellText } from '../text.ts';
import classes from './shell.module.css';

const Palette = lazy(() => import('./palette.tsx').then(({ Palette: component }) => ({ default: component })));

/** Opens the palette, by click or Ctrl K; its code is loaded the first time. */
export function PaletteButton() {
  const t = useShellText();
  const [state, setState] = useState<'unused' | 'open' | 'closed'>('unused');
  useHotkeys([['mod + K', () => setState(state === 'open' ? 'closed' : 'open')]], []);
  return (
    <>
      <UnstyledButton className={classes.palette} onClick={() => setState('open')} aria-haspopup="dialog">
        <Icon name="search" size={14} />
        <span className={classes.paletteText}>{t('palette')}</span>
        <kbd className={classes.kbd} aria-hidden="true">
          Ctrl K
        </kbd>
      </UnstyledButton>
      {state !== 'unused' && (
        <Suspense fallback={null}>
          <Palette opened={state === 'open'} onClose={() => setState('closed')} />
        </Suspense>
      )}
    </>
  );
}
