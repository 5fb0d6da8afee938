import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWebhookServer } from '../../admission/webhooks/testing/webhook-server.ts';
import type { WebhookServer } from '../../admission/webhooks/testing/webhook-server.ts';
import type { Call } from '../../admission/webhooks/test/play-scenario.ts';
import { startCluster } from '../../../start-cluster.ts';
import type { Cluster } from '../../../start-cluster.ts';
import { clusterCall } from '../../admission/webhooks/testing/cluster-call.ts';
import { behaviours, define, playBehaviour, playGood } from './conversion-play.ts';

/** What a real API server of this version did, see record-answers.ts. */
const recorded = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as Record<string, unknown>;

describe('objects of a definition with several versions', () => {
  let cluster: Cluster;
  let server: WebhookServer;
  let call: Call;

  beforeAll(async () => {
    cluster = await startCluster({ nodes: 0 });
    server = await startWebhookServer();
    call = clusterCall(cluster);
  });
  afterAll(async () => {
    await server.close();
    await cluster.stop();
  });

  it.each(['None', 'Webhook'] as const)('are converted by strategy %s', async (strategy) => {
    await define({ call, server }, strategy);
    expect(await playGood({ call, server })).toEqual(recorded[strategy]);
  });

  it.each(Object.keys(behaviours))(
    'are refused or shown as the real server does when the converter gives: %s',
    async (name) => {
      expect(await playBehaviour({ call, server }, name)).toEqual(recorded[name]);
    },
  );
});
