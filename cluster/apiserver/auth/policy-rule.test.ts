import { describe, expect, it } from 'vitest';
import { missingRules, ruleAllows } from './policy-rule.ts';

const ask = (verb: string, resource: string, name = '') => {
  const [plural = '', subresource = ''] = resource.split('/');
  return { verb, group: 'apps', resource: plural, subresource, namespace: 'a', name };
};
const rule = { verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments', '*/scale'] };

describe('a rule', () => {
  it.each([
    { asked: ask('get', 'deployments'), allowed: true, why: 'what it names' },
    { asked: ask('delete', 'deployments'), allowed: false, why: 'no other verb' },
    { asked: ask('get', 'deployments/status'), allowed: false, why: 'a kind does not bring its parts' },
    { asked: ask('get', 'replicasets/scale'), allowed: true, why: 'one part of every kind' },
    { asked: { ...ask('get', 'deployments'), group: '' }, allowed: false, why: 'another group is another kind' },
    { asked: { verb: 'get', path: '/healthz' }, allowed: false, why: 'paths are granted by themselves' },
  ])('grants $why: $allowed', ({ asked, allowed }) => {
    expect(ruleAllows(rule, asked)).toBe(allowed);
  });

  it.each([
    { names: ['web'], name: 'web', allowed: true, why: 'the object it names' },
    { names: ['web'], name: 'api', allowed: false, why: 'and no other' },
    { names: ['web'], name: '', allowed: false, why: 'so not the whole list' },
    { names: [], name: 'api', allowed: true, why: 'without names every object' },
  ])('with names grants $why', ({ names, name, allowed }) => {
    expect(ruleAllows({ ...rule, resourceNames: names }, ask('get', 'deployments', name))).toBe(allowed);
  });

  it('grants paths below one that ends in a star', () => {
    const paths = { verbs: ['get'], nonResourceURLs: ['/api/*'] };
    expect(ruleAllows(paths, { verb: 'get', path: '/api/v1' })).toBe(true);
    expect(ruleAllows(paths, { verb: 'get', path: '/apis' })).toBe(false);
  });
});

describe('handing out rules', () => {
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  it.each([
    { owned: [everything], wanted: [rule], missing: 0, why: 'who has all can hand out all' },
    {
      owned: [rule],
      wanted: [{ ...rule, verbs: ['get', 'delete'] }],
      missing: 2,
      why: 'a verb too many counts once a resource',
    },
    { owned: [rule], wanted: [{ ...rule, resourceNames: ['web'] }], missing: 0, why: 'one object is less than all' },
    { owned: [{ ...rule, resourceNames: ['web'] }], wanted: [rule], missing: 4, why: 'and all more than one' },
    {
      owned: [
        { ...rule, verbs: ['get'] },
        { ...rule, verbs: ['list'] },
      ],
      wanted: [rule],
      missing: 0,
      why: 'rules add up',
    },
    { owned: [rule], wanted: [everything], missing: 1, why: 'a star is more than what there is today' },
  ])('$why', ({ owned, wanted, missing }) => {
    expect(missingRules(owned, wanted)).toHaveLength(missing);
  });
});
