import { describe, expect, test } from 'vitest';
import { readYaml, rewriteYaml, yamlOf } from './yaml-text.ts';

const text = `# a note
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  on: "yes"
  ports:
    - port: 80
`;

describe('readYaml', () => {
  test('gives the object', () =>
    expect(readYaml(text)).toMatchObject({ object: { kind: 'ConfigMap', metadata: { name: 'settings' } } }));
  test('says on which line the text is broken', () =>
    expect(readYaml('a: 1\nb: [1\nc: 2')).toMatchObject({ faults: [{ line: 3 }] }));
  test('refuses what has no kind or name', () => expect(readYaml('a: 1')).toEqual({ notObject: true }));
  test('refuses two documents, of which one would be lost', () =>
    expect(readYaml(`${text}---\n${text}`)).toHaveProperty('faults'));
  test('does not unfold an alias bomb', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
    ].join('\n');
    expect(readYaml(bomb)).toMatchObject({ faults: [{ line: 1 }] });
  });
});

test('the text of an object says first what it is, quotes what YAML 1.1 would misread, and leaves managedFields out', () => {
  const written = yamlOf({
    data: { on: 'yes' },
    metadata: { name: 'x', managedFields: [{}] },
    kind: 'ConfigMap',
    apiVersion: 'v1',
  });
  expect(written).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  "on": "yes"\n');
});

test('a text brought up to date keeps the comments and the order of what does not change', () => {
  const before =
    '# mine\nkind: ConfigMap\napiVersion: v1\nmetadata:\n  name: x # the name\n  labels:\n    gone: "1"\ndata:\n  a: "1"\n';
  const wanted = {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'x', labels: { team: 'cart' } },
    data: { a: '2' },
  };
  expect(rewriteYaml(before, wanted)).toBe(
    '# mine\nkind: ConfigMap\napiVersion: v1\nmetadata:\n  name: x # the name\n  labels:\n    team: cart\ndata:\n  a: "2"\n',
  );
});
