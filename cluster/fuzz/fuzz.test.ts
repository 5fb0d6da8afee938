import { describe, expect, it } from 'vitest';
import { fuzzTarget } from './fuzz-target.ts';
import { targets } from './targets.ts';

const inputs = 400;

describe('what reads the bytes of strangers', async () => {
  it.each(await targets())('$name: refuses in words, whatever comes', { timeout: 60_000 }, async (target) => {
    expect(await fuzzTarget(target, 1, inputs)).toEqual([]);
  });
});
