import { describe, expect, it } from 'vitest';
import { jsonPath } from './json-path.ts';

const object = {
  metadata: { labels: { 'app.kubernetes.io/name': 'web', plain: 'x' } },
  spec: { replicas: 2, list: ['a', 'b', 'c'], 'with-dash': 1 },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Busy', status: 'False' },
    ],
  },
};

describe('jsonPath', () => {
  const cases: readonly { path: string; values: unknown[]; why: string }[] = [
    { path: '.spec.replicas', values: [2], why: 'a field' },
    { path: '{.spec.replicas}', values: [2], why: 'in the braces of kubectl' },
    { path: '.spec.list[1]', values: ['b'], why: 'an item' },
    { path: '.spec.list[-1]', values: ['c'], why: 'the last item' },
    { path: '.spec.list[*]', values: ['a', 'b', 'c'], why: 'all items' },
    { path: '.spec.with-dash', values: [1], why: 'a name with a dash' },
    { path: '.status.conditions[?(@.type=="Ready")].status', values: ['True'], why: 'an item chosen by a field' },
    { path: ".metadata.labels['app.kubernetes.io/name']", values: ['web'], why: 'a name with dots in brackets' },
    {
      path: '.metadata.labels.app\\.kubernetes\\.io/name',
      values: ['web'],
      why: 'a name with dots behind backslashes',
    },
    { path: '.spec.none.at.all', values: [], why: 'nothing there' },
    { path: '.spec.list[9]', values: [], why: 'no such item' },
    { path: '.spec.toString', values: [], why: 'no name of its own' },
  ];
  it.each(cases)('$path: $why', ({ path, values }) => {
    expect(jsonPath(path)?.(object)).toEqual(values);
  });

  it.each(['', '.spec[?(@.a>1)]', '.a b', '..x', '[', '.items[0:2]'])('does not read %j', (path) => {
    expect(jsonPath(path)).toBeUndefined();
  });
});
