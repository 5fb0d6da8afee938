import { isDeepStrictEqual } from 'node:util';
import { noAnswer } from './api-call.ts';
import type { Recorded } from './recorded.ts';

const parts = ['status', 'reason', 'message', 'causes', 'warnings', 'stored'] as const;

/** In which parts two answers to one probe differ; none when they are equal. */
export function differingParts(real: Recorded, ours: Recorded): string[] {
  if (real.status === noAnswer) return ours.status >= 400 && ours.status < 500 ? [] : ['status'];
  return parts.filter((part) => !isDeepStrictEqual(real[part], ours[part]));
}

export interface Difference {
  readonly probe: string;
  readonly parts: readonly string[];
  readonly real?: Recorded;
  readonly ours?: Recorded;
}

/** Every probe to which the two servers answered differently, and every one that only one of them was asked. */
export function differencesOf(real: readonly Recorded[], ours: readonly Recorded[]): Difference[] {
  const answers = new Map(ours.map((answer) => [answer.probe, answer]));
  const known = new Set(real.map(({ probe }) => probe));
  const differing = real.flatMap((answer): Difference[] => {
    const own = answers.get(answer.probe);
    if (!own) return [{ probe: answer.probe, parts: ['not asked'], real: answer }];
    const found = differingParts(answer, own);
    return found.length > 0 ? [{ probe: answer.probe, parts: found, real: answer, ours: own }] : [];
  });
  const unknown = ours.filter(({ probe }) => !known.has(probe));
  return [...differing, ...unknown.map((own) => ({ probe: own.probe, parts: ['not recorded'], ours: own }))];
}
