import { defineText, type MessageSources } from '@kit/ui';
import type { messages } from './messages/en.ts';
import { features } from './features.ts';

/** The texts of the shell itself. */
export const useShellText = defineText<typeof messages>('shell');

/** The messages of everything that the console is made of. */
export const messageSources: MessageSources = {
  shell: {
    en: () => import('./messages/en.ts'),
    ko: () => import('./messages/ko.ts'),
    zh: () => import('./messages/zh.ts'),
  },
  ...Object.fromEntries(features.map(({ id, messages }) => [id, messages])),
};
