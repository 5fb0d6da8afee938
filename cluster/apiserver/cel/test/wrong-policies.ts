import { applied, jsonPatch, one, type Sort } from './policy-forms.ts';

/** Specs of policies whose expressions are wrong. */
export const wrongPolicies: readonly (readonly [sort: Sort, spec: object])[] = [
  ['Validating', one('object.')],
  ['Validating', one('object.a + 1')],
  ['Validating', one('nosuch')],
  ['Validating', one('params.x == 1')],
  ['Validating', one('variables.x == 1')],
  ['Validating', one('request.nosuch == 1')],
  ['Validating', one('request.name == 1')],
  ['Validating', one('namespaceObject.metadata.nosuch == 1')],
  ['Validating', one('true', { messageExpression: '1' })],
  ['Validating', one('true', { messageExpression: 'object.x +' })],
  ['Validating', one('true', { messageExpression: "authorizer.path('/').check('get').reason()" })],
  ['Validating', { ...one('variables.a == "x"'), variables: [{ name: 'a', expression: '1' }] }],
  [
    'Validating',
    {
      ...one('variables.a == 1'),
      variables: [
        { name: 'a', expression: 'variables.b' },
        { name: 'b', expression: '1' },
      ],
    },
  ],
  ['Validating', { ...one('true'), variables: [{ name: 'a', expression: 'nosuch' }] }],
  ['Validating', { ...one('true'), matchConditions: [{ name: 'a', expression: '1' }] }],
  [
    'Validating',
    {
      ...one('true'),
      matchConditions: [
        { name: 'a', expression: 'nosuch' },
        { name: 'a', expression: 'true' },
      ],
    },
  ],
  ['Validating', { auditAnnotations: [{ key: 'a', valueExpression: '1' }] }],
  ['Validating', { auditAnnotations: [{ key: 'a', valueExpression: 'object.' }] }],
  ['Validating', one('size(object.spec.containers) > 1 ? 1 : 2')],
  ['Mutating', jsonPatch('1')],
  ['Mutating', jsonPatch('[1]')],
  ['Mutating', jsonPatch('[JSONPatch{op: 1}]')],
  ['Mutating', jsonPatch("[JSONPatch{nosuch: 'a'}]")],
  ['Mutating', jsonPatch("[JSONPatch{op: 'add', path: '/x', value: Object.spec{a: 1}}]")],
  ['Mutating', applied('1')],
  ['Mutating', applied('Object{')],
  ['Mutating', applied('Object.spec{a: 1}')],
  ['Mutating', applied('Object{spec: Other{a: 1}}')],
  ['Mutating', { ...applied('Object{}'), variables: [{ name: 'a', expression: 'Object{}' }] }],
];
