import { defineText } from '@kit/ui';
import type { messages } from './messages/en.ts';

/** The texts of this feature. */
export const useText = defineText<typeof messages>('terminal');
