import type { ConsoleFeature } from '@kit/ui';
import { nav, pages } from './pages.ts';

/** Sign-in, one's own account, users, and who may do what at each level. */
export const iamConsole: ConsoleFeature = {
  id: 'iam',
  pages,
  nav,
  messages: {
    en: () => import('./messages/en.ts'),
    ko: () => import('./messages/ko.ts'),
    zh: () => import('./messages/zh.ts'),
  },
  gate: {
    signIn: () => import('./sign-in/sign-in-page.tsx'),
    firstPassword: () => import('./sign-in/first-password-page.tsx'),
    secondFactor: () => import('./sign-in/required-factor-page.tsx'),
  },
};
