import { describe, expect, it } from 'vitest';
import { hashPassword, isHashed, isPassword, passwordProblem } from './password.ts';
import type { PasswordPolicy } from './password.ts';

describe('passwordProblem', () => {
  const rows: [why: string, password: string, isFine: boolean][] = [
    ['all three kinds', 'Str0ngPass', true],
    ['signs and spaces too', 'Ab1 – über', true],
    ['too short', 'Ab1defg', false],
    ['too long', `Ab1${'x'.repeat(62)}`, false],
    ['no digit', 'Strongpass', false],
    ['no upper case', 'str0ngpass', false],
    ['no lower case', 'STR0NGPASS', false],
    ['a hash of ours', '$argon2id$v=19$Aa1aaaaa', false],
    ['an imported hash', '$2a$10$Aa1aaaaaaaaa', false],
  ];
  it.each(rows)('%s', (_why, password, isFine) => {
    expect(passwordProblem(password) === undefined).toBe(isFine);
  });
});

describe('passwordProblem by the policy of an installation', () => {
  const rows: [why: string, password: string, policy: PasswordPolicy, problem: RegExp | undefined][] = [
    ['long enough', 'Str0ngPasses', { minLength: 12, needsSymbol: false }, undefined],
    ['too short here', 'Str0ngPass', { minLength: 12, needsSymbol: false }, /12 to 64 characters/],
    ['a sign', 'Str0ng-Pass', { minLength: 8, needsSymbol: true }, undefined],
    ['no sign', 'Str0ngPass', { minLength: 8, needsSymbol: true }, /neither a letter/],
    ['a space is no sign', 'Str0ng Pass', { minLength: 8, needsSymbol: true }, /neither a letter/],
    ['nor is a letter of another script', 'Str0ngPässe', { minLength: 8, needsSymbol: true }, /neither a letter/],
    ['the rest holds as well', 'strong-pass', { minLength: 8, needsSymbol: true }, /upper-case/],
  ];
  it.each(rows)('%s', (_why, ...[password, policy, problem]) => {
    expect(passwordProblem(password, policy) ?? 'fine').toMatch(problem ?? /^fine$/);
  });
});

describe('isPassword', () => {
  it('knows its own hashes and no other value', async () => {
    const stored = await hashPassword('Str0ngPass');
    expect(isHashed(stored)).toBe(true);
    expect(stored).not.toBe(await hashPassword('Str0ngPass'));
    expect(await isPassword(stored, 'Str0ngPass')).toBe(true);
    expect(await isPassword(stored, 'str0ngPass')).toBe(false);
    expect(await isPassword(undefined, 'Str0ngPass')).toBe(false);
    expect(await isPassword('Str0ngPass', 'Str0ngPass')).toBe(false);
  });
});
