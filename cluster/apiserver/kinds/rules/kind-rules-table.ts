import type { KindRules } from '../kind-rules.ts';
import { coreRules } from './core.ts';

/** Rules by `group/Kind`; a kind that is not here behaves in the usual way. */
export const kindRules: Readonly<Record<string, KindRules>> = { ...coreRules };
