import { readFileSync } from 'node:fs';
import { silentLogger, systemClock } from '@kit/base';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiServer, startApiServer } from '../../apiserver/start-api-server.ts';
import { startVolumeControllers } from '../../controllers/volumes/start-volume-controllers.ts';
import {
  claimProtectionController,
  volumeProtectionController,
} from '../../controllers/storage-protection-controllers.ts';
import { startScheduler } from '../start-scheduler.ts';
import { clear, ensure, outcome, play } from './run-scenario.ts';
import { type Outcome, priorityClasses } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** What a real scheduler of release 1.36.3 has decided; `record-scenarios.ts` writes it. */
const recorded = JSON.parse(readFileSync(new URL('recorded-outcomes.json', import.meta.url), 'utf8')) as Record<
  string,
  Outcome
>; // as written there

const parts: { server?: ApiServer; running: { stop(): Promise<void> }[] } = { running: [] };

beforeAll(async () => {
  const server = await startApiServer({ host: '127.0.0.1', port: 0, clock: systemClock, log: silentLogger });
  const options = { client: server.client, clock: systemClock, log: silentLogger };
  const also = [
    [claimProtectionController, 'pvc-protection-controller'],
    [volumeProtectionController, 'pv-protection-controller'],
  ] as const;
  parts.server = server;
  parts.running = [startScheduler(options), startVolumeControllers({ ...options, also })];
  for (const priorityClass of priorityClasses) await ensure(server.client, priorityClass);
});

afterAll(async () => {
  await Promise.all(parts.running.map((one) => one.stop()));
  await parts.server?.stop();
});

const client = (): ApiServer['client'] => {
  if (!parts.server) throw new Error('the server is not there');
  return parts.server.client;
};

test.each(scenarios.map((scenario, index) => ({ ...scenario, index })))(
  'as the real scheduler: $why',
  async ({ index, ...scenario }) => {
    const namespace = `scenario-${index}`;
    await clear(client());
    await play(client(), scenario, namespace);
    await vi.waitFor(async () => expect(await outcome(client(), scenario, namespace)).toEqual(recorded[scenario.why]), {
      timeout: 4_000,
      interval: 20,
    });
  },
);
