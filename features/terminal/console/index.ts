import type { ConsoleFeature } from '@kit/ui';

/** A shell in a container, in the browser. */
export const terminalConsole: ConsoleFeature = {
  id: 'terminal',
  pages: [
    {
      id: 'terminal',
      place: 'project',
      path: 'pods/$name/terminal',
      title: 'terminal',
      load: () => import('./pages/pod-terminal.tsx'),
    },
  ],
  nav: [],
  messages: {
    en: () => import('./messages/en.ts'),
    ko: () => import('./messages/ko.ts'),
    zh: () => import('./messages/zh.ts'),
  },
};
