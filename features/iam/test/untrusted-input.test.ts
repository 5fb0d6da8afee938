import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { ApiError } from '@kit/base';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { credentialOf } from '../server/credentials.ts';
import { requestInfo } from '../rules/request-info.ts';

const part = fc.oneof(
  fc.constantFrom(
    'api',
    'apis',
    'kapis',
    'clusters',
    'watch',
    'namespaces',
    'workspaces',
    'devops',
    'users',
    'v1',
    'iam.kubesphere.io',
  ),
  fc.string({ minLength: 1, maxLength: 12 }).map(encodeURIComponent),
);
const target = fc
  .tuple(fc.array(part, { maxLength: 9 }), fc.option(fc.string(), { nil: undefined }))
  .map(([parts, query]) => `/${parts.join('/')}${query === undefined ? '' : `?${query}`}`);

it('reads any path without failing, and always knows the place it decides by', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'PROPFIND'),
      target,
      (method, path) => {
        const info = requestInfo(method, path);
        if (info.isResource) expect(info.resource).not.toBe('');
        if (info.scope === 'namespace') expect(info.namespace).not.toBe('');
        if (info.scope === 'workspace') expect(info.workspace).not.toBe('');
      },
    ),
    { numRuns: 2000 },
  );
});

it('refuses any credential it cannot read as what it is', () => {
  const header = fc.oneof(
    fc.string(),
    fc.string().map((text) => `Basic ${text}`),
    fc.string().map((text) => `Bearer ${text}`),
  );
  fc.assert(
    fc.property(header, fc.string(), (authorization, cookie) => {
      const message = new IncomingMessage(new Socket());
      message.headers = { authorization, cookie };
      try {
        expect(['basic', 'bearer']).toContain(credentialOf(message).by);
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
      }
    }),
    { numRuns: 1000 },
  );
});
