import { describe, expect, it } from 'vitest';
import { errorOfResponse } from './status-error.ts';

const status = (fields: object): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...fields });

const answers: { why: string; code: number; body: string; reason: string; message: string }[] = [
  {
    why: 'the server says it all',
    code: 404,
    body: status({ reason: 'NotFound', message: 'pods "x" not found', code: 404 }),
    reason: 'NotFound',
    message: 'pods "x" not found',
  },
  {
    why: 'a reason we do not list is told by its code',
    code: 409,
    body: status({ reason: 'Other', message: 'm', code: 409 }),
    reason: 'Conflict',
    message: 'm',
  },
  {
    why: 'a Status without words still has a message',
    code: 403,
    body: status({ code: 403 }),
    reason: 'Forbidden',
    message: 'Forbidden',
  },
  {
    why: 'unknown paths are answered in plain text',
    code: 404,
    body: '404 page not found\n',
    reason: 'NotFound',
    message: '404 page not found',
  },
  {
    why: 'an empty answer of a proxy',
    code: 502,
    body: '',
    reason: 'ServiceUnavailable',
    message: 'the Kubernetes API server answered 502',
  },
  {
    why: 'a page of HTML is cut to its first line',
    code: 500,
    body: '<html>\n<body>…',
    reason: 'InternalError',
    message: '<html>',
  },
  {
    why: 'a client error nobody knows',
    code: 418,
    body: '',
    reason: 'BadRequest',
    message: 'the Kubernetes API server answered 418',
  },
  {
    why: 'JSON that is no Status is not taken for one',
    code: 400,
    body: '{"kind":"Other","reason":"NotFound"}',
    reason: 'BadRequest',
    message: '{"kind":"Other","reason":"NotFound"}',
  },
  {
    why: 'the code inside wins: watches fail within an answer of 200',
    code: 200,
    body: status({ reason: 'Expired', message: 'too old', code: 410 }),
    reason: 'Expired',
    message: 'too old',
  },
];

describe('errorOfResponse', () => {
  it.each(answers)('$code $reason: $why', ({ code, body, reason, message }) => {
    expect(errorOfResponse(code, body)).toMatchObject({ name: 'ApiError', reason, message });
  });

  it('keeps the causes and what the failure was about', () => {
    const details = {
      name: 'd',
      group: 'apps',
      kind: 'Deployment',
      causes: [{ field: 'spec.replicas', reason: 'FieldValueInvalid', message: 'no' }],
    };
    expect(errorOfResponse(422, status({ reason: 'Invalid', message: 'm', code: 422, details })).details).toEqual(
      details,
    );
  });

  it('says when to come back, from the header if not from the Status', () => {
    expect(errorOfResponse(429, '', '7').details).toEqual({ retryAfterSeconds: 7 });
  });
});
