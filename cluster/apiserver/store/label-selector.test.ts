import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

const labels = { app: 'web', tier: 'front', n: '5', empty: '' };

describe('a label selector', () => {
  it.each([
    { selector: '', matches: true, why: 'selects everything' },
    { selector: 'app', matches: true, why: 'a key alone asks whether it is there' },
    { selector: '!app', matches: false, why: 'and negated whether it is not' },
    { selector: 'app=web,tier==front', matches: true, why: 'all requirements must hold' },
    { selector: 'app!=web', matches: false, why: 'another value' },
    { selector: 'none!=x', matches: true, why: 'an absent key has no value at all' },
    { selector: 'app in (api, web)', matches: true, why: 'one of several' },
    { selector: 'none in (web)', matches: false, why: 'an absent key is in no set' },
    { selector: 'none notin (web)', matches: true, why: 'but outside of every one' },
    { selector: 'app in ()', matches: false, why: 'an empty set holds the empty value' },
    { selector: 'empty in ()', matches: true, why: 'which some labels have' },
    { selector: 'n > 4,n<6', matches: true, why: 'numbers compare as numbers' },
    { selector: 'app>4', matches: false, why: 'what is no number does not compare' },
    { selector: 'empty=', matches: true, why: 'the empty value can be asked for' },
  ])('$selector: $why', ({ selector, matches }) => {
    expect(parseLabelSelector(selector).matches(labels)).toBe(matches);
  });

  it.each([
    { selector: 'app=web,', says: "found '', expected: identifier after ','" },
    { selector: '=', says: "found '=', expected: !, identifier, or 'end of string'" },
    { selector: 'a b', says: "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt" },
    { selector: 'a in (', says: "unable to parse requirement: found '', expected: ',', ')' or identifier" },
  ])('$selector is refused as the real server words it', ({ selector, says }) => {
    expect(() => parseLabelSelector(selector)).toThrow(says);
  });
});
