// Asks a real API server all scenarios and writes down what it does: npx tsx record-answers.ts https://HOST:PORT TOKEN
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { openPki } from '../../../auth/certificates.ts';
import { startWebhookServer } from '../testing/webhook-server.ts';
import { freePort, play, prepare } from './play-scenario.ts';
import type { Answered, Call } from './play-scenario.ts';
import { place, scenarios } from './scenarios.ts';

const [, , url = '', token = '', only] = process.argv;

const call: Call = ({ method, path, body, type = 'application/json' }) =>
  new Promise<Answered>((resolve, reject) => {
    const data = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      'user-agent': 'probe',
      ...(data !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(data) }),
    };
    const outgoing = request(url + path, { method, headers, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = String(response.headers['content-type']).includes('json');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: isJson ? JSON.parse(text) : { text },
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(data);
  });

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
