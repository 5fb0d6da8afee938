import { describe, expect, it } from 'vitest';
import { uidLabel, userNameFrom } from './identity-label.ts';

describe('uidLabel', () => {
  it.each(['583231', 'jane', 'a.b_c-d', 'A1'])('%s stays', (uid) => {
    expect(uidLabel(uid)).toBe(uid);
  });
  it.each(['cn=jane,dc=example', '', 'ends-', 'x'.repeat(64), 'a|b'])('"%s" becomes a hash', (uid) => {
    expect(uidLabel(uid)).toMatch(/^sha256-[0-9a-f]{48}$/);
  });
  it('tells two apart that do not fit', () => {
    expect(uidLabel('auth0|1')).not.toBe(uidLabel('auth0|2'));
  });
});

describe('userNameFrom', () => {
  const rows: [username: string, name: string][] = [
    ['Jane', 'jane'],
    ['jane.doe', 'jane-doe'],
    ['jane@example.com', 'jane'],
    ['José', 'jose'],
    ['__', ''],
    ['한글', ''],
    ['-x-', 'x'],
  ];
  it.each(rows)('%s is %s', (username, name) => {
    expect(userNameFrom(username)).toBe(name);
  });
});
