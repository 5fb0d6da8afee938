import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createTexts, pageNonce, ThemeProvider } from '@kit/ui';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '@kit/ui/styles.css';
import { createQueryClient } from './query-client.ts';
import { createConsoleRouter } from './router.tsx';
import { SessionGate } from './session-gate.tsx';
import { messageSources } from './text.ts';

// Where the library that locks scrolling behind dialogs looks for the nonce of its style element.
Object.assign(globalThis, { __webpack_nonce__: pageNonce() });

async function start(root: HTMLElement): Promise<void> {
  const texts = await createTexts(messageSources);
  const queries = createQueryClient();
  const router = createConsoleRouter();
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={texts}>
        <ThemeProvider>
          <QueryClientProvider client={queries}>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </QueryClientProvider>
        </ThemeProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
