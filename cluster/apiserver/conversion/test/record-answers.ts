// Asks a real API server and writes down what it does: npx tsx record-answers.ts https://HOST:PORT TOKEN
import { writeFileSync } from 'node:fs';
import { realServerCall } from '../../admission/webhooks/testing/real-server-call.ts';
import { startWebhookServer } from '../../admission/webhooks/testing/webhook-server.ts';
import { behaviours, define, forget, playBehaviour, playGood } from './conversion-play.ts';

const [, , url = '', token = ''] = process.argv;
const call = realServerCall(url, token);
const server = await startWebhookServer();
const stage = { call, server };
const recorded: Record<string, unknown> = {};
await define(stage, 'None');
recorded['None'] = await playGood(stage);
await define(stage, 'Webhook');
recorded['Webhook'] = await playGood(stage);
for (const name of Object.keys(behaviours)) recorded[name] = await playBehaviour(stage, name);
writeFileSync(new URL('answers.json', import.meta.url), `${JSON.stringify(recorded, null, 1)}\n`);
await forget(call);
await server.close();
