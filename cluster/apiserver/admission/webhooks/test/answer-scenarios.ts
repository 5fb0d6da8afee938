import { patchOf, respond } from '../testing/webhook-server.ts';
import { answers, one, raw } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const refusals: Scenario[] = [
  one('a denial with a message', answers({ allowed: false, status: { message: 'not on my watch' } })),
  one('a denial without any word', answers({ allowed: false })),
  one('a denial with an empty status', answers({ allowed: false, status: {} })),
  one('a denial with a reason instead of a message', answers({ allowed: false, status: { reason: 'Because' } })),
  one(
    'a denial with code, reason and details',
    answers({
      allowed: false,
      status: {
        code: 418,
        reason: 'Teapot',
        message: 'short and stout',
        details: { causes: [{ field: 'data.a', message: 'tea', reason: 'FieldValueInvalid' }] },
      },
    }),
  ),
  one('a denial with a code that is a success', answers({ allowed: false, status: { code: 200, message: 'odd' } })),
  one('a denial with code 500', answers({ allowed: false, status: { code: 500, message: 'odd' } })),
  one('a mutating denial', answers({ allowed: false, status: { message: 'no' } }), {}, true),
  one(
    'a mutating denial although failures are ignored',
    answers({ allowed: false, status: { message: 'no' } }),
    { failurePolicy: 'Ignore' },
    true,
  ),
  one('warnings of an accepted object', answers({ allowed: true, warnings: ['first', 'second "quoted"'] })),
  one('warnings of a refused object', answers({ allowed: false, warnings: ['beware'], status: { message: 'no' } })),
  one('warnings of a mutating webhook', answers({ allowed: true, warnings: ['changed'] }), {}, true),
  one('audit annotations', answers({ allowed: true, auditAnnotations: { why: 'because' } })),
  one('a warning that is too long', answers({ allowed: true, warnings: ['x'.repeat(300)] })),
];

const badAnswers: Scenario[] = [true, false].flatMap((mutating) => [
  one('an answer that is no JSON', raw('hello'), {}, mutating),
  one('an empty answer', raw(''), {}, mutating),
  one('an answer of another kind', raw({ apiVersion: 'v1', kind: 'Pod' }), {}, mutating),
  one('an answer without a kind', raw({ response: { allowed: true } }), {}, mutating),
  one(
    'an answer without a response',
    raw({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }),
    {},
    mutating,
  ),
  one(
    'an answer in another version',
    (review) => ({
      body: {
        apiVersion: 'admission.k8s.io/v1beta1',
        kind: 'AdmissionReview',
        response: { uid: (review.request as { uid: string }).uid, allowed: true }, // every review has one
      },
    }),
    {},
    mutating,
  ),
  one(
    'an answer to another request',
    raw({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'other', allowed: true } }),
    {},
    mutating,
  ),
  one('HTTP 500', raw('boom', 500), {}, mutating),
  one(
    'HTTP 404 with a Status',
    raw({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'gone', reason: 'NotFound', code: 404 }, 404),
    {},
    mutating,
  ),
  one('HTTP 302', raw('', 302, { Location: 'https://127.0.0.1:1/elsewhere' }), {}, mutating),
  one('HTTP 500, ignored', raw('boom', 500), { failurePolicy: 'Ignore' }, mutating),
  one('no JSON, ignored', raw('hello'), { failurePolicy: 'Ignore' }, mutating),
  one('no answer in time', () => 'never', { timeoutSeconds: 1 }, mutating),
  one('no answer in time, ignored', () => 'never', { timeoutSeconds: 1, failurePolicy: 'Ignore' }, mutating),
]);

const badPatches: Scenario[] = [
  one(
    'a patch without its type',
    (r) => respond(r, { allowed: true, patch: patchOf({ op: 'add', path: '/data/x', value: '1' }).patch }),
    {},
    true,
  ),
  one('a patch of an unknown type', (r) => respond(r, { allowed: true, ...patchOf(), patchType: 'Merge' }), {}, true),
  one('a type without a patch', answers({ allowed: true, patchType: 'JSONPatch' }), {}, true),
  one('a patch of a validating webhook', (r) =>
    respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/x', value: '1' }) }),
  ),
  one(
    'a patch that is no JSON',
    answers({ allowed: true, patchType: 'JSONPatch', patch: Buffer.from('hello').toString('base64') }),
    {},
    true,
  ),
  one('a patch that is no base64', answers({ allowed: true, patchType: 'JSONPatch', patch: '%%%' }), {}, true),
  one(
    'a patch that is no list',
    answers({ allowed: true, patchType: 'JSONPatch', patch: Buffer.from('{}').toString('base64') }),
    {},
    true,
  ),
  one(
    'a patch of a field that is missing',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/data/zzz', value: '1' }) }),
    {},
    true,
  ),
  one(
    'a patch whose test fails',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'test', path: '/data/a', value: '9' }) }),
    {},
    true,
  ),
  one(
    'a patch into a missing object',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/binaryData/x', value: 'aGk=' }) }),
    {},
    true,
  ),
  one(
    'a patch with an unknown operation',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'frob', path: '/data/a', value: '9' }) }),
    {},
    true,
  ),
  one(
    'a patch that gives a wrong type',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/data/a', value: 7 }) }),
    {},
    true,
  ),
  one(
    'a patch that gives an invalid object',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/data/b%20c', value: 'x' }) }),
    {},
    true,
  ),
  one(
    'a patch that adds an unknown field',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'add', path: '/unknown', value: 'x' }) }),
    {},
    true,
  ),
  one('a patch that empties a patch list', (r) => respond(r, { allowed: true, ...patchOf() }), {}, true),
  one(
    'a patch that renames the object',
    (r) => respond(r, { allowed: true, ...patchOf({ op: 'replace', path: '/metadata/name', value: 'two' }) }),
    {},
    true,
  ),
  one(
    'a good patch',
    (r) =>
      respond(r, {
        allowed: true,
        ...patchOf(
          { op: 'add', path: '/data/b', value: '2' },
          { op: 'add', path: '/metadata/labels', value: { by: 'hook' } },
        ),
      }),
    {},
    true,
  ),
];

/** How webhooks may answer, well and badly. */
export const answerScenarios: readonly Scenario[] = [...refusals, ...badAnswers, ...badPatches];
