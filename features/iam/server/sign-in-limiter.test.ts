import { ManualClock } from '@kit/base';
import { expect, it } from 'vitest';
import { SignInLimiter } from './sign-in-limiter.ts';

const failJane = (limiter: SignInLimiter, times: number): void => {
  for (let n = 0; n < times; n++) limiter.failed('jane', '10.0.0.1');
};

it('stops one user at one address after ten failures, for ten minutes', () => {
  const clock = new ManualClock();
  const limiter = new SignInLimiter(clock);
  failJane(limiter, 9);
  expect(() => limiter.check('jane', '10.0.0.1')).not.toThrow();
  failJane(limiter, 1);
  expect(() => limiter.check('jane', '10.0.0.1')).toThrow(/too many/);
  expect(() => limiter.check('jane', '10.0.0.2')).not.toThrow();
  expect(() => limiter.check('mark', '10.0.0.1')).not.toThrow();
  clock.advance(10 * 60_000);
  expect(() => limiter.check('jane', '10.0.0.1')).not.toThrow();
});

it('stops an address that tries many names', () => {
  const limiter = new SignInLimiter(new ManualClock());
  for (let n = 0; n < 100; n++) limiter.failed(`user-${n}`, '10.0.0.1');
  expect(() => limiter.check('somebody', '10.0.0.1')).toThrow(/too many/);
});

it('forgets the failures of a user who got in', () => {
  const limiter = new SignInLimiter(new ManualClock());
  failJane(limiter, 9);
  limiter.succeeded('jane', '10.0.0.1');
  failJane(limiter, 1);
  expect(() => limiter.check('jane', '10.0.0.1')).not.toThrow();
});
