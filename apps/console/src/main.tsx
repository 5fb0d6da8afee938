import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { QueryClientProvider } from '@tanstack/react-query';
import { createTexts, pageNonce, ThemeProvider } from '@kit/ui';
import '@kit/ui/mantine.css';
import '@mantine/notifications/styles.layer.css';
import '@kit/ui/styles.css';
import { createQueryClient } from './query-client.ts';
import { SessionGate } from './session-gate.tsx';
import { messageSources } from './text.ts';

const Console = lazy(() => import('./console.tsx').then(({ Console: component }) => ({ default: component })));

// Where the library that locks scrolling behind dialogs looks for the nonce of its style element.
Object.assign(globalThis, { __webpack_nonce__: pageNonce() });

async function start(root: HTMLElement): Promise<void> {
  const texts = await createTexts(messageSources);
  const queries = createQueryClient();
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={texts}>
        <ThemeProvider>
          <QueryClientProvider client={queries}>
            <SessionGate>
              <Suspense fallback={null}>
                <Console />
              </Suspense>
            </SessionGate>
          </QueryClientProvider>
        </ThemeProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
