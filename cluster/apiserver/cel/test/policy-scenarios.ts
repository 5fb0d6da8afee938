import type { Scenario, Step } from './play-scenario.ts';
import {
  applied,
  binding,
  dryRun,
  jsonPatch,
  matchConstraints,
  name,
  one,
  pathOf,
  place,
  policy,
  rules,
  type Sort,
} from './policy-forms.ts';
import { wrongPolicies as wrong } from './wrong-policies.ts';

const configMaps = `/api/v1/namespaces/${place}/configmaps`;
const configMap = (data: object, metadata: object = { name: 'one' }): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata,
  data,
});
const namespace: Step = {
  method: 'POST',
  path: '/api/v1/namespaces',
  body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: place, labels: { team: 'red' } } },
  silent: true,
};
const there: Step = {
  method: 'POST',
  path: configMaps,
  body: configMap({ a: 'old' }, { name: 'there', labels: { team: 'red' } }),
  silent: true,
};
const create = (data: object, metadata?: object): Step => ({
  method: 'POST',
  path: configMaps + dryRun,
  body: configMap(data, metadata),
});
const update = (data: object): Step => ({
  method: 'PUT',
  path: `${configMaps}/there${dryRun}`,
  body: configMap(data, { name: 'there' }),
});
const remove: Step = { method: 'DELETE', path: `${configMaps}/there${dryRun}` };

/** A policy in force, and what is told to those it concerns. */
function acting(
  title: string,
  sort: Sort,
  parts: { spec: object; binding?: object; before?: readonly Step[]; asked: readonly Step[] },
): Scenario {
  return {
    name: `${sort.toLowerCase()} policy: ${title}`,
    steps: [
      namespace,
      there,
      ...(parts.before ?? []),
      { method: 'POST', path: pathOf(sort, ''), body: policy(sort, parts.spec), silent: true },
      { method: 'POST', path: pathOf(sort, 'binding'), body: binding(sort, parts.binding), silent: true },
      ...parts.asked,
    ],
    after: [
      { method: 'DELETE', path: `${pathOf(sort, 'binding')}/${name}` },
      { method: 'DELETE', path: `${pathOf(sort, '')}/${name}` },
    ],
  };
}

const param = (paramName: string, data: object): Step => ({
  method: 'POST',
  path: configMaps,
  body: configMap(data, { name: paramName }),
  silent: true,
});
const asked = [create({ a: '1' }), create({ a: '2', b: 'x' }), update({ a: '3' }), remove];

const account = (accountName: string, a: string): Step => ({
  method: 'POST',
  path: `/api/v1/namespaces/${place}/serviceaccounts`,
  body: {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: accountName, labels: { of: 'probe' }, annotations: { a } },
  },
  silent: true,
});

const validating: readonly Scenario[] = [
  acting('a plain expression', 'Validating', { spec: one("object == null || object.data.a != '2'"), asked }),
  acting('a message', 'Validating', {
    spec: one("object == null || object.data.a != '2'", { message: ' two is taken ' }),
    asked,
  }),
  acting('a message that is made', 'Validating', {
    spec: one("object == null || object.data.a != '2'", {
      messageExpression: "'not ' + object.data.a",
      message: 'plain',
    }),
    asked,
  }),
  acting('a message that cannot be made', 'Validating', {
    spec: one("object == null || object.data.a != '2'", {
      messageExpression: 'string(object.data.zzz)',
      message: 'plain',
    }),
    asked,
  }),
  acting('a reason', 'Validating', {
    spec: one("object == null || object.data.a != '2'", { reason: 'Forbidden' }),
    asked,
  }),
  acting('a reason of size', 'Validating', {
    spec: one("object == null || object.data.a != '2'", { reason: 'RequestEntityTooLarge' }),
    asked,
  }),
  acting('an error', 'Validating', { spec: one("object.data.b == 'x'"), asked }),
  acting('an error that is ignored', 'Validating', {
    spec: { ...one("object.data.b == 'y'"), failurePolicy: 'Ignore' },
    asked,
  }),
  acting('several validations', 'Validating', {
    spec: {
      validations: [
        { expression: 'true' },
        { expression: "request.operation != 'CREATE'" },
        { expression: 'false', message: 'never' },
      ],
    },
    asked,
  }),
  acting('warnings', 'Validating', {
    spec: one("request.operation != 'CREATE'", { message: 'rather not' }),
    binding: { validationActions: ['Warn'] },
    asked,
  }),
  acting('audit only', 'Validating', { spec: one('false'), binding: { validationActions: ['Audit'] }, asked }),
  acting('variables', 'Validating', {
    spec: {
      variables: [
        { name: 'a', expression: "has(object.data) ? object.data.a : 'none'" },
        { name: 'long', expression: 'variables.a.size() > 1' },
      ],
      ...one('!variables.long', { messageExpression: "'long: ' + variables.a" }),
    },
    asked: [create({ a: '1' }), create({ a: '22' })],
  }),
  acting('a variable that fails', 'Validating', {
    spec: { variables: [{ name: 'b', expression: 'object.data.b' }], ...one("variables.b == 'x'") },
    asked: [create({ a: '1' }), create({ b: 'x' })],
  }),
  acting('match conditions', 'Validating', {
    spec: { matchConditions: [{ name: 'two', expression: "object != null && object.data.a == '2'" }], ...one('false') },
    asked,
  }),
  acting('match conditions that fail', 'Validating', {
    spec: { matchConditions: [{ name: 'b', expression: "object.data.b == 'x'" }], ...one('false') },
    asked,
  }),
  acting('old and new', 'Validating', {
    spec: one('oldObject == null || object == null || oldObject.data.a == object.data.a'),
    asked,
  }),
  acting('the namespace', 'Validating', { spec: one("namespaceObject.metadata.labels.team == 'blue'"), asked }),
  acting('the request', 'Validating', {
    spec: one(
      "request.resource.resource == 'configmaps' && request.kind.kind == 'ConfigMap' && request.dryRun && request.name != 'there' && request.namespace == 'cel-probe'",
    ),
    asked,
  }),
  acting('the user', 'Validating', {
    spec: one("'system:masters' in request.userInfo.groups && false"),
    asked: [create({ a: '1' })],
  }),
  acting('the authorizer', 'Validating', {
    spec: one(
      "authorizer.group('').resource('pods').namespace('default').check('get').allowed() && !authorizer.serviceAccount('default', 'default').group('').resource('secrets').check('list').allowed() && authorizer.requestResource.check('create').allowed() && authorizer.path('/healthz').check('get').allowed() && false",
    ),
    asked: [create({ a: '1' })],
  }),
  acting('resource names', 'Validating', {
    spec: {
      matchConstraints: { ...matchConstraints, resourceRules: [{ ...rules[0], resourceNames: ['one'] }] },
      ...one('false'),
    },
    asked: [create({ a: '1' }), create({ a: '1' }, { name: 'two' })],
  }),
  acting('exclusions', 'Validating', {
    spec: {
      matchConstraints: { ...matchConstraints, excludeResourceRules: [{ ...rules[0], operations: ['UPDATE'] }] },
      ...one('false'),
    },
    asked,
  }),
  acting('an object selector', 'Validating', {
    spec: {
      matchConstraints: { ...matchConstraints, objectSelector: { matchLabels: { team: 'red' } } },
      ...one('false'),
    },
    asked: [create({ a: '1' }), create({ a: '1' }, { name: 'red', labels: { team: 'red' } }), remove],
  }),
  acting('the selector of the binding', 'Validating', {
    spec: one('false'),
    binding: { matchResources: { objectSelector: { matchLabels: { team: 'red' } } } },
    asked: [create({ a: '1' }), create({ a: '1' }, { name: 'red', labels: { team: 'red' } })],
  }),
  acting('a parameter', 'Validating', {
    before: [param('limits', { a: '1' })],
    spec: {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      ...one('object == null || object.data.a == params.data.a', { messageExpression: "'wants ' + params.data.a" }),
    },
    binding: { paramRef: { name: 'limits', namespace: place, parameterNotFoundAction: 'Deny' } },
    asked,
  }),
  acting('a parameter that is missing', 'Validating', {
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, ...one('false') },
    binding: { paramRef: { name: 'nosuch', namespace: place, parameterNotFoundAction: 'Deny' } },
    asked: [create({ a: '1' })],
  }),
  acting('a parameter that may be missing', 'Validating', {
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, ...one('false') },
    binding: { paramRef: { name: 'nosuch', namespace: place, parameterNotFoundAction: 'Allow' } },
    asked: [create({ a: '1' })],
  }),
  // Service accounts: a real server that has stopped looking at config maps as parameters does not begin again.
  acting('parameters by label', 'Validating', {
    before: [account('p1', '1'), account('p2', '2')],
    spec: {
      paramKind: { apiVersion: 'v1', kind: 'ServiceAccount' },
      ...one('object == null || object.data.a != params.metadata.annotations.a', {
        messageExpression: "'not ' + params.metadata.annotations.a",
      }),
    },
    binding: { paramRef: { selector: { matchLabels: { of: 'probe' } }, parameterNotFoundAction: 'Deny' } },
    asked,
  }),
  acting('a kind of parameter that nobody has', 'Validating', {
    spec: { paramKind: { apiVersion: 'no.such/v1', kind: 'Thing' }, ...one('false') },
    binding: { paramRef: { name: 'x', namespace: place, parameterNotFoundAction: 'Deny' } },
    asked: [create({ a: '1' })],
  }),
  acting('no parameter bound', 'Validating', {
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, ...one('params == null && false') },
    asked: [create({ a: '1' })],
  }),
  acting('an annotation that fails', 'Validating', {
    spec: { auditAnnotations: [{ key: 'note', valueExpression: 'string(object.data.b)' }] },
    asked: [create({ a: '1' }), create({ b: 'x' })],
  }),
  acting('what costs too much', 'Validating', {
    spec: one(
      '[1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, [1,2,3,4,5,6,7,8,9,10].map(c, [1,2,3,4,5,6,7,8,9,10].map(d, [1,2,3,4,5,6,7,8,9,10].map(e, a+b+c+d+e))))).size() == 1',
    ),
    asked: [create({ a: '1' })],
  }),
];

const changed = [create({ a: '1' }), update({ a: '3' })];

const mutating: readonly Scenario[] = [
  acting('a patch', 'Mutating', {
    spec: jsonPatch("[JSONPatch{op: 'add', path: '/data/b', value: 'added'}]"),
    asked: changed,
  }),
  acting('a patch that tests', 'Mutating', {
    spec: jsonPatch(
      "[JSONPatch{op: 'test', path: '/data/a', value: '1'}, JSONPatch{op: 'replace', path: '/data/a', value: 'one'}]",
    ),
    asked: changed,
  }),
  acting('a patch of labels', 'Mutating', {
    spec: jsonPatch(
      "has(object.metadata.labels) ? [] : [JSONPatch{op: 'add', path: '/metadata/labels', value: {'made/by': 'policy'}}, JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('x/y'), value: 'z'}]",
    ),
    asked: changed,
  }),
  acting('a patch that does not fit', 'Mutating', {
    spec: jsonPatch("[JSONPatch{op: 'remove', path: '/data/zzz'}]"),
    asked: changed,
  }),
  acting('a patch that fails', 'Mutating', {
    spec: jsonPatch("[JSONPatch{op: 'add', path: '/data/b', value: object.data.zzz}]"),
    asked: changed,
  }),
  acting('a patch that fails and is ignored', 'Mutating', {
    spec: { ...jsonPatch("[JSONPatch{op: 'add', path: '/data/b', value: object.data.zzz}]"), failurePolicy: 'Ignore' },
    asked: changed,
  }),
  acting('what is applied', 'Mutating', {
    spec: applied("Object{metadata: Object.metadata{labels: {'by': 'policy'}}, data: {'b': object.data.a + '!'}}"),
    asked: changed,
  }),
  acting('what is applied with a wrong type name', 'Mutating', {
    spec: applied("Object{metadata: Object.spec{labels: {'by': 'policy'}}}"),
    asked: changed,
  }),
  acting('what is applied and has no such field', 'Mutating', {
    spec: applied('Object{spec: Object.spec{x: 1}}'),
    asked: changed,
  }),
  acting('several mutations', 'Mutating', {
    spec: {
      variables: [{ name: 'b', expression: "'b' + object.data.a" }],
      matchConditions: [{ name: 'one', expression: "object.data.a == '1'" }],
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: { expression: "[JSONPatch{op: 'add', path: '/data/b', value: variables.b}]" },
        },
        { patchType: 'ApplyConfiguration', applyConfiguration: { expression: "Object{data: {'c': object.data.b}}" } },
      ],
    },
    asked: changed,
  }),
  acting('a parameter that is missing', 'Mutating', {
    spec: {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      ...jsonPatch("[JSONPatch{op: 'test', path: '/data/a', value: '9'}]"),
    },
    binding: { paramRef: { name: 'nosuch', namespace: place, parameterNotFoundAction: 'Deny' } },
    asked: [create({ a: '1' })],
  }),
];

/** Policies: what those who write them are told, and those they concern. */
export const policyScenarios: readonly Scenario[] = [
  ...wrong.map(([sort, spec], index) => ({
    name: `${sort.toLowerCase()} policy ${index}: ${JSON.stringify(spec)}`,
    steps: [{ method: 'POST', path: pathOf(sort, '') + dryRun, body: policy(sort, spec) }],
  })),
  ...validating,
  ...mutating,
  { name: 'the end', steps: [], after: [{ method: 'DELETE', path: `/api/v1/namespaces/${place}` }] },
];
