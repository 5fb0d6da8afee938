import { describe, expect, it } from 'vitest';
import { isMissing, shellsToTry } from './shells.ts';

describe('the shells to try', () => {
  it.each([
    { wanted: undefined, first: 'bash', why: 'the more comfortable one, when nothing is wanted' },
    { wanted: 'sh', first: 'sh', why: 'the wanted one' },
    { wanted: 'rm -rf /', first: 'bash', why: 'a word of the caller is never run' },
  ])('begin with $first: $why', ({ wanted, first }) => {
    expect(shellsToTry(wanted)[0]).toBe(first);
    expect([...shellsToTry(wanted)].sort()).toEqual(['ash', 'bash', 'sh']);
  });
});

describe('a shell that the container does not have', () => {
  it.each([
    { ending: { code: 127 }, is: true, why: 'as a shell says it' },
    { ending: { code: 126 }, is: true, why: 'as a runtime says it' },
    {
      ending: { message: 'exec failed: unable to start: exec: "bash": executable file not found in $PATH' },
      is: true,
      why: 'runc',
    },
    { ending: { code: 0 }, is: false, why: 'it ended well' },
    { ending: { code: 1 }, is: false, why: 'its last command failed' },
    { ending: { message: 'container not running' }, is: false, why: 'nothing else would start either' },
  ])('$why: $is', ({ ending, is }) => expect(isMissing(ending)).toBe(is));
});
