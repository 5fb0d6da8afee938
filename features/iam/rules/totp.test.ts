import { describe, expect, it } from 'vitest';
import { isRecoveryCode, newRecoveryCodes, newTotpSecret, totpCode, totpStep, totpUri } from './totp.ts';

// RFC 6238, appendix B: the ASCII secret 12345678901234567890; the last six of its eight digits.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const rows: [seconds: number, code: string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
];

describe('totpCode', () => {
  it.each(rows)('at second %i is %s', (seconds, code) => {
    expect(totpCode(secret, Math.floor(seconds / 30))).toBe(code);
  });
});

describe('totpStep', () => {
  const step = 1000;
  const nowMs = step * 30_000;
  const cases: [why: string, code: string, lastStep: number | undefined, found: number | undefined][] = [
    ['the code of now', totpCode(secret, step), undefined, step],
    ['the one before', totpCode(secret, step - 1), undefined, step - 1],
    ['the one after, of a clock ahead', totpCode(secret, step + 1), undefined, step + 1],
    ['two before is too old', totpCode(secret, step - 2), undefined, undefined],
    ['one used already', totpCode(secret, step), step, undefined],
    ['one older than the last used', totpCode(secret, step - 1), step, undefined],
    ['letters', 'abcdef', undefined, undefined],
    ['too short', '12345', undefined, undefined],
    ['nothing', '', undefined, undefined],
  ];
  it.each(cases)('%s', (_why, ...[code, lastStep, found]) => {
    expect(totpStep(secret, code, { nowMs, ...(lastStep === undefined ? {} : { lastStep }) })).toBe(found);
  });
});

it('makes secrets and recovery codes that differ, and that it knows again', () => {
  expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(newTotpSecret());
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  expect(codes.every(isRecoveryCode)).toBe(true);
  expect(isRecoveryCode('123456')).toBe(false);
});

it('names the account and the platform to the app', () => {
  const uri = totpUri(secret, { account: 'jane@example.com', platform: 'Free hold' });
  expect(uri).toContain('otpauth://totp/Free%20hold:jane%40example.com?');
  expect(new URL(uri).searchParams.get('secret')).toBe(secret);
});
