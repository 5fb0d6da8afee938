import { describe, expect, it } from 'vitest';
import type { RoleObject } from '../contract/index.ts';
import { namesIn, withDependencies } from './template-names.ts';

describe('namesIn', () => {
  const rows: [why: string, text: string | undefined, names: string[]][] = [
    ['a list of names', '["a","b"]', ['a', 'b']],
    ['nothing written', undefined, []],
    ['no JSON', '[a', []],
    ['no list', '{"a":1}', []],
    ['what is no name in a list', '["a",1,null]', ['a']],
  ];
  it.each(rows)('%s', (_why, text, names) => {
    expect(namesIn(text)).toEqual(names);
  });
});

const template = (name: string, ...needs: string[]): RoleObject => ({
  apiVersion: 'iam.kubesphere.io/v1alpha2',
  kind: 'GlobalRole',
  metadata: { name, annotations: { 'iam.kubesphere.io/dependencies': JSON.stringify(needs) } },
});

describe('withDependencies', () => {
  const all = new Map(
    [template('a', 'b'), template('b', 'c', 'a'), template('c'), template('d', 'gone')].map((one) => [
      one.metadata.name,
      one,
    ]),
  );
  const rows: [why: string, asked: string[], names: string[], missing: string[]][] = [
    ['one without dependencies', ['c'], ['c'], []],
    ['dependencies of dependencies', ['a'], ['a', 'b', 'c'], []],
    ['a circle ends', ['b'], ['b', 'c', 'a'], []],
    ['each once, as asked first', ['c', 'a', 'c'], ['c', 'a', 'b'], []],
    ['one that is not there', ['x', 'c'], ['c'], ['x']],
    ['a dependency that is not there', ['d'], ['d'], ['gone']],
    ['nothing', [], [], []],
  ];
  it.each(rows)('%s', (_why, ...[asked, names, missing]) => {
    const found = withDependencies(asked, (name) => all.get(name));
    expect(found.templates.map(({ metadata }) => metadata.name)).toEqual(names);
    expect(found.missing).toEqual(missing);
  });
});
