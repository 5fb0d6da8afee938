import { isApiError } from '@kit/base';
import { describe, expect, it } from 'vitest';
import { labelSelector } from './label-selector.ts';

const labels = { app: 'web', tier: 'front', 'kubesphere.io/workspace': 'dev', weight: '7' };

const rows: readonly { selector: string; matches: boolean; why: string }[] = [
  { selector: '', matches: true, why: 'an empty selector selects everything' },
  { selector: 'app=web', matches: true, why: 'equality' },
  { selector: 'app==web', matches: true, why: 'the same with two signs' },
  { selector: 'app = web , tier=front', matches: true, why: 'blanks do not matter, clauses are joined by and' },
  { selector: 'app=web,tier=back', matches: false, why: 'one clause fails' },
  { selector: 'app!=web', matches: false, why: 'inequality' },
  { selector: 'missing!=web', matches: true, why: 'an absent label is unequal to anything' },
  { selector: 'app in (web, api)', matches: true, why: 'a set with a blank' },
  { selector: 'app notin (web,api)', matches: false, why: 'in the refused set' },
  { selector: 'missing notin (web)', matches: true, why: 'an absent label is in no set' },
  { selector: 'missing in ()', matches: false, why: 'an absent label is in no set, not even that of the empty value' },
  { selector: 'tier', matches: true, why: 'exists' },
  { selector: '!tier', matches: false, why: 'does not exist' },
  { selector: '!toString', matches: true, why: 'names of object methods are no labels' },
  { selector: 'kubesphere.io/workspace=dev', matches: true, why: 'keys may have a prefix' },
  { selector: 'weight>5', matches: true, why: 'greater than, as a number' },
  { selector: 'weight<5', matches: false, why: 'less than, as a number' },
];

describe('labelSelector', () => {
  it.each(rows)('$selector: $why', ({ selector, matches }) => {
    expect(labelSelector(selector)(labels)).toBe(matches);
  });

  it.each(['==', 'a b', 'app in web', 'app=(x)', '=web', 'app in (a,(b))'])('refuses %s', (selector) => {
    let thrown: unknown;
    try {
      labelSelector(selector);
    } catch (error) {
      thrown = error;
    }
    expect(isApiError(thrown, 'BadRequest')).toBe(true);
  });
});
