import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger, systemClock } from '@kit/base';
import { startApiServer } from '../start-api-server.ts';
import type { ApiServer } from '../start-api-server.ts';
import type { AuditEvent } from './audit-event.ts';

let server: ApiServer;
const folder = mkdtempSync(join(tmpdir(), 'audit-'));
const path = join(folder, 'audit.log');

beforeAll(async () => {
  const audit = { policy: { rules: [{ level: 'Metadata' as const }] }, sink: path };
  server = await startApiServer({ host: '127.0.0.1', port: 0, clock: systemClock, log: silentLogger, audit });
});
afterAll(() => rmSync(folder, { recursive: true }));

function ask(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + url, { ca: server.caPem, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject);
    sent.end();
  });
}

it('tells of each request what was asked, by whom, and what came of it', async () => {
  expect(await ask('/api/v1/namespaces/shop/secrets/key', { 'audit-id': 'mine' })).toBe(403);
  expect(await ask('/api/v1/pods', { authorization: 'Bearer wrong' })).toBe(401);
  await server.stop();
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as AuditEvent); // as it was written
  expect(events.map(({ stage, auditID }) => [stage, auditID === 'mine'])).toEqual([
    ['RequestReceived', true],
    ['ResponseComplete', true],
    ['ResponseStarted', false],
  ]);
  expect(events[1]).toMatchObject({
    verb: 'get',
    user: { username: 'system:anonymous' },
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'key', apiVersion: 'v1' },
    responseStatus: { code: 403, reason: 'Forbidden' },
    annotations: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' },
  });
  expect(events[1]).not.toHaveProperty('responseObject');
  expect(events[2]).toMatchObject({ user: {}, responseStatus: { code: 401 } });
});
