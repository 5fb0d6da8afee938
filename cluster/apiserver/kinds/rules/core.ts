import type { KindRules } from '../kind-rules.ts';

export const coreRules: Readonly<Record<string, KindRules>> = {};
