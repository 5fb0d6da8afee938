import { expect, it } from 'vitest';
import { builtinKinds } from '../kinds/builtin-kinds.ts';
import { Version } from '../storage/version.ts';
import { endOfValue, tableBytes } from './table-bytes.ts';

it.each([
  { why: 'nested', json: '{"a":{"b":[1,{}]}},"rest":1', value: '{"a":{"b":[1,{}]}}' },
  { why: 'brackets in strings', json: '{"a":"}]{","b":"\\"}"}}', value: '{"a":"}]{","b":"\\"}"}' },
  { why: 'a backslash before the last quote', json: '{"a":"\\\\"},"c":{}', value: '{"a":"\\\\"}' },
  { why: 'a list', json: '[{"a":"]"}],', value: '[{"a":"]"}]' },
])('finds the end of a value: $why', ({ json, value }) => {
  expect(json.slice(0, endOfValue(Buffer.from(json), 0))).toBe(value);
});

it.each([
  { why: 'managers last', managers: { place: 'last' } },
  { why: 'managers first', managers: { place: 'first' } },
  { why: 'no managers', managers: undefined },
])('shows metadata as it is stored, and cells of the rest: $why', ({ managers }) => {
  const kind = builtinKinds().find(({ resource }) => resource === 'configmaps');
  if (!kind) throw new Error('there are no ConfigMaps');
  const managedFields = [{ manager: 'm', fieldsV1: { 'f:data': {} } }];
  const known = { name: 'a', namespace: 'n', annotations: { managedFields: '"managedFields":[' } };
  const metadata =
    managers?.place === 'first' ? { managedFields, ...known } : { ...known, ...(managers && { managedFields }) };
  const json = JSON.stringify({ metadata, data: { ü: '}', b: '"' } });
  const version = new Version({ resource: '/configmaps', namespace: 'n', name: 'a' }, 1, json);
  const shown = { apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '1' }, nowMs: 0 };
  const table = JSON.parse(tableBytes(kind, [version, version], shown).toString()) as { rows: unknown[] };
  const object = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
  expect(table).toMatchObject({ kind: 'Table', metadata: { resourceVersion: '1' } });
  expect(table.rows).toEqual(Array(2).fill({ cells: ['a', 2, '<unknown>'], object }));
});
