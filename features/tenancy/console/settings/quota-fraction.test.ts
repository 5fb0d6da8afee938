import { expect, it } from 'vitest';
import { fractionOf } from './quota-fraction.ts';

it.each([
  ['0', '4', 0],
  ['500m', '2', 0.25],
  ['1Gi', '2048Mi', 0.5],
  ['6', '4', 1.5],
  ['0', '0', 1],
])('%s of %s is %d', (used, hard, fraction) => expect(fractionOf(used, hard)).toBe(fraction));
