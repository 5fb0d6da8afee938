import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPki } from '../../../auth/certificates.ts';
import { startTestServer } from '../../../testing/test-server.ts';
import type { TestServer } from '../../../testing/test-server.ts';
import { startWebhookServer } from '../testing/webhook-server.ts';
import type { WebhookServer } from '../testing/webhook-server.ts';
import { freePort, play, prepare } from './play-scenario.ts';
import type { Call, Played } from './play-scenario.ts';
import { scenarios } from './scenarios.ts';

/** What a real API server of this version did, see record-answers.ts. */
const recorded = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as Record<string, Played>;

describe('webhooks, as the real API server calls them', () => {
  let api: TestServer;
  let hooks: WebhookServer;
  let otherCa: string;
  const call: Call = async ({ method, path, body, type }) => {
    const {
      status,
      headers,
      body: answered,
    } = await api.call(method, path, {
      body,
      headers: { 'user-agent': 'probe', ...(type && { 'content-type': type }) },
    });
    return { status, headers, body: answered as unknown };
  };

  beforeAll(async () => {
    api = await startTestServer();
    hooks = await startWebhookServer();
    otherCa = (await openPki({ host: 'localhost', nowMs: Date.now() })).ca.cert;
    await prepare(call);
  });
  afterAll(async () => {
    await hooks.close();
    await api.server.stop();
  });

  it.each(scenarios.map((scenario, index) => ({ ...scenario, key: `${index} ${scenario.why}` })))(
    '$key',
    async (scenario) => {
      const played = await play({ call, server: hooks, otherCa, freePort: await freePort() }, scenario);
      expect(played).toEqual(recorded[scenario.key]);
    },
  );
});
