// Asks a real API server all scenarios and writes down what it does: npx tsx record-answers.ts https://HOST:PORT TOKEN
import { writeFileSync } from 'node:fs';
import { openPki } from '../../../auth/certificates.ts';
import { realServerCall } from '../testing/real-server-call.ts';
import { startWebhookServer } from '../testing/webhook-server.ts';
import { freePort, play, prepare } from './play-scenario.ts';
import { place } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const [, , url = '', token = '', only] = process.argv;

const call = realServerCall(url, token);
const server = await startWebhookServer();
const { ca } = await openPki({ host: 'localhost', nowMs: Date.now() });
await prepare(call);
const recorded: Record<string, unknown> = {};
for (const [index, scenario] of scenarios.entries()) {
  if (only && !scenario.why.includes(only)) continue;
  const key = `${index} ${scenario.why}`;
  recorded[key] = await play({ call, server, otherCa: ca.cert, freePort: await freePort() }, scenario);
  console.log(key);
}
writeFileSync(new URL('answers.json', import.meta.url), `${JSON.stringify(recorded, null, 1)}\n`);
await call({ method: 'DELETE', path: `/api/v1/namespaces/${place}` });
await server.close();
