import { describe, expect, it } from 'vitest';
import { hashPassword, isHashed, isPassword, passwordProblem } from './password.ts';

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
