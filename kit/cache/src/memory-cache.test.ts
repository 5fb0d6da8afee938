import { ManualClock } from '@kit/base';
import { expect, it } from 'vitest';
import { cacheSuite } from '../testing/cache-suite.ts';
import { memoryCache } from './memory-cache.ts';

const clock = new ManualClock();
cacheSuite('memory', {
  open: async () => ({ cache: memoryCache(clock) }),
  pass: (durationMs) => clock.advance(durationMs),
});

it('does not grow with the number of strangers', async () => {
  const cache = memoryCache(clock);
  for (let n = 0; n < 100_010; n += 1) await cache.set(`k${n}`, 'x', 60_000);
  expect(await cache.get('k0')).toBeUndefined();
  expect(await cache.get('k100009')).toBe('x');
});
