import { describe, expect, it } from 'vitest';
import { localPath } from './local-path.ts';

describe('localPath', () => {
  it.each(['/', '/workspaces/dev?tab=x', '/authorize?client_id=a&redirect_uri=https%3A%2F%2Fapp'])(
    '%s stays',
    (path) => {
      expect(localPath(path)).toBe(path);
    },
  );
  const elsewhere = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    '/a\\b',
    '/\t/evil',
  ];
  it.each(elsewhere)('"%s" does not', (path) => {
    expect(localPath(path)).toBe('/');
  });
});
