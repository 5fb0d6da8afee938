import { expect, test } from 'vitest';
import { acceptNames, type Definition, type DefinitionNames } from './accepted-names.ts';

function definition(uid: string, names: DefinitionNames, status?: Definition['status']): Definition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.example.com`, uid },
    spec: { group: 'example.com', names, versions: [] },
    status,
  };
}

const widgets = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['w'] };
const accepted = definition('1', widgets, { acceptedNames: widgets });

test('free names are accepted and establish the definition', () => {
  const { acceptedNames, namesAccepted, established } = acceptNames(definition('2', widgets), []);
  expect(acceptedNames).toEqual(widgets);
  expect([namesAccepted.reason, established.reason]).toEqual(['NoConflicts', 'InitialNamesAccepted']);
});

test.each([
  { why: 'a short name that is a resource', names: { shortNames: ['widgets'] }, reason: 'ShortNamesConflict' },
  { why: 'a singular that is a short name', names: { singular: 'w' }, reason: 'SingularConflict' },
  { why: 'a kind that is taken', names: { kind: 'Widget' }, reason: 'KindConflict' },
  { why: 'a list kind that is taken', names: { listKind: 'WidgetList' }, reason: 'ListKindConflict' },
])('$why is refused, and the definition is not established', ({ names, reason }) => {
  const other = { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' };
  const result = acceptNames(definition('2', { ...other, ...names }), [accepted]);
  expect(result.namesAccepted).toMatchObject({ status: 'False', reason });
  expect(result.established).toMatchObject({ status: 'False', reason: 'NotAccepted' });
  expect(result.acceptedNames).toMatchObject({ plural: 'gadgets' });
});

test('its own names are not in its way, and established stays established', () => {
  const before = [{ type: 'Established', status: 'True', reason: 'InitialNamesAccepted' }] as const;
  const same = definition('1', widgets, { acceptedNames: widgets, conditions: before });
  expect(acceptNames(same, [same]).established).toBe(before[0]);
});

test('another group has names of its own', () => {
  const foreign = { ...definition('2', widgets), spec: { group: 'other.io', names: widgets, versions: [] } };
  expect(acceptNames(foreign, [accepted]).namesAccepted.status).toBe('True');
});
