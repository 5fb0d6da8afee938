import { defineText } from './define-text.ts';
import type { messages } from '../messages/en.ts';

/** The texts of the kit's own components. */
export const useUiText = defineText<typeof messages>('ui');
