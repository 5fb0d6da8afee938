import { ManualClock } from '@kit/base';
import { memoryCache } from '@kit/cache';
import { expect, it } from 'vitest';
import { SignInLimiter } from './sign-in-limiter.ts';

const failJane = async (limiter: SignInLimiter, times: number): Promise<void> => {
  for (let n = 0; n < times; n++) await limiter.failed('jane', '10.0.0.1');
};
const limiterOf = (clock = new ManualClock()): SignInLimiter => new SignInLimiter(memoryCache(clock), clock);

it('stops one user at one address after ten failures, for ten minutes', async () => {
  const clock = new ManualClock();
  const limiter = limiterOf(clock);
  await failJane(limiter, 9);
  await limiter.check('jane', '10.0.0.1');
  await failJane(limiter, 1);
  await expect(limiter.check('jane', '10.0.0.1')).rejects.toMatchObject({
    reason: 'TooManyRequests',
    details: { retryAfterSeconds: 600 },
  });
  await limiter.check('jane', '10.0.0.2');
  await limiter.check('mark', '10.0.0.1');
  clock.advance(10 * 60_000);
  await limiter.check('jane', '10.0.0.1');
});

it('stops an address that tries many names', async () => {
  const limiter = limiterOf();
  for (let n = 0; n < 100; n++) await limiter.failed(`user-${n}`, '10.0.0.1');
  await expect(limiter.check('somebody', '10.0.0.1')).rejects.toMatchObject({ reason: 'TooManyRequests' });
});

it('forgets the failures of a user who got in', async () => {
  const limiter = limiterOf();
  await failJane(limiter, 9);
  await limiter.succeeded('jane', '10.0.0.1');
  await failJane(limiter, 1);
  await limiter.check('jane', '10.0.0.1');
});
