import { createContext, use } from 'react';
import type { Permission } from '../api/can.ts';

/** What somebody may not do, in the words of the button. */
export interface WhyNotQuestion {
  readonly asked: Permission;
  readonly action: string;
}

/** Opens the answer to "why can't I?"; the shell provides it, since explaining is a feature's affair. */
export const WhyNotContext = createContext<((question: WhyNotQuestion) => void) | undefined>(undefined);

/** Asks why something is not allowed; undefined where nobody answers. */
export function useWhyNot(): ((question: WhyNotQuestion) => void) | undefined {
  return use(WhyNotContext);
}
