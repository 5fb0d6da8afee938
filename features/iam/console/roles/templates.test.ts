import { describe, expect, it } from 'vitest';
import type { RoleItem } from '../api.ts';
import { comesAlong, madeOf, templateOf, templatesIn } from './templates.ts';

function template(name: string, dependencies: readonly string[] = []): RoleItem {
  return {
    metadata: {
      name,
      labels: { 'iam.kubesphere.io/role-template': 'true' },
      annotations: { 'iam.kubesphere.io/dependencies': JSON.stringify(dependencies) },
    },
  };
}
const all = [
  template('view'),
  template('manage', ['view']),
  template('settings', ['manage']),
  template('loop', ['loop']),
].map(templateOf);

describe('comesAlong', () => {
  it.each([
    { why: 'nothing comes with what needs nothing', chosen: ['view'], along: {} },
    { why: 'a direct need', chosen: ['manage'], along: { view: ['manage'] } },
    { why: 'a need of a need', chosen: ['settings'], along: { manage: ['settings'], view: ['settings'] } },
    {
      why: 'two that need the same',
      chosen: ['manage', 'settings'],
      along: { view: ['manage', 'settings'], manage: ['settings'] },
    },
    { why: 'one that needs itself does not hang, and needs nothing else', chosen: ['loop'], along: {} },
    { why: 'one that is not there any more', chosen: ['gone'], along: {} },
  ])('$why', ({ chosen, along }) => {
    expect(Object.fromEntries(comesAlong(new Set(chosen), all))).toEqual(along);
  });
});

it('a role is read back as it was written', () => {
  const role = { metadata: { name: 'role', annotations: madeOf(['b', 'a']) } };
  expect(templatesIn(role)).toEqual(['a', 'b']);
});

it('an annotation that is no list of names means nothing', () => {
  const annotations = { 'iam.kubesphere.io/aggregation-roles': '{"a":1}' };
  expect(templatesIn({ metadata: { name: 'role', annotations } })).toEqual([]);
});
