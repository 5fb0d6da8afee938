import type { ReactNode } from 'react';
import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { useUiText } from '../text/ui-text.ts';
import { cssVariables, theme } from './theme.ts';
import { ToastHost } from './toast-host.tsx';

/** The nonce the server put into this page, which every style element made at run time must carry. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** Theme, colour scheme (the system's until the user chooses) and toasts. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const t = useUiText();
  const closable = { defaultProps: { closeButtonProps: { 'aria-label': t('action.close') } } };
  const spoken = mergeThemeOverrides(theme, {
    components: { Modal: closable, Drawer: closable, Notification: closable },
  });
  return (
    <MantineProvider
      theme={spoken}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={pageNonce}
      deduplicateInlineStyles
    >
      <ToastHost />
      {children}
    </MantineProvider>
  );
}
