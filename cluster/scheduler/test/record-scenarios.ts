/* Asks a real scheduler what it makes of the scenarios, and writes down the answers:
   npx tsx cluster/scheduler/test/record-scenarios.ts URL TOKEN CA-FILE
   The cluster must be empty: no nodes, and no controller that taints nodes without a kubelet. */
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { ApiError } from '@kit/base';
import type { ClusterObject, ResourceRef } from '../../client.ts';
import { clear, ensure, outcome, play, type ScenarioClient } from './run-scenario.ts';
import { type Outcome, priorityClasses } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const [url = '', token = '', caFile = ''] = process.argv.slice(2);
const ca = readFileSync(caFile);

function send(method: string, path: string, body?: { type: string; value: unknown }): Promise<ClusterObject> {
  return new Promise((resolve, reject) => {
    const text = body ? JSON.stringify(body.value) : '';
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': body?.type ?? 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const sent = request(new URL(path, url), { method, ca, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = JSON.parse(Buffer.concat(chunks).toString()) as ClusterObject & {
          reason?: string;
          message?: string;
        }; // what an API server sends
        if ((response.statusCode ?? 500) < 300) resolve(answer);
        else
          reject(new ApiError(answer.reason === 'AlreadyExists' ? 'AlreadyExists' : 'Invalid', String(answer.message)));
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

function path({ group, resource }: ResourceRef, namespace?: string, name?: string): string {
  const base = group ? `/apis/${group}/v1` : '/api/v1';
  return `${base}${namespace ? `/namespaces/${namespace}` : ''}/${resource}${name ? `/${name}` : ''}`;
}

const json = 'application/json';
const client: ScenarioClient = {
  create: (ref, value) => send('POST', path(ref, value.metadata.namespace), { type: json, value }),
  list: async (ref, options) =>
    (await send('GET', path(ref, options?.namespace))) as unknown as {
      items: ClusterObject[];
      resourceVersion: string;
    }, // a list
  // eslint-disable-next-line max-params -- the interface names the place of an object before what is done to it
  patch: (ref, namespace, name, { body }, subresource) =>
    send('PATCH', `${path(ref, namespace, name)}${subresource ? `/${subresource}` : ''}`, {
      type: 'application/merge-patch+json',
      value: body,
    }),
  // eslint-disable-next-line max-params -- as above
  delete: async (ref, namespace, name, options) =>
    void (await send('DELETE', path(ref, namespace, name), { type: json, value: options })),
};

/** The outcome that stays the same for a while. */
async function settled(read: () => Promise<Outcome>): Promise<Outcome> {
  let last = '';
  for (let same = 0; same < 6;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = JSON.stringify(await read());
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return JSON.parse(last) as Outcome; // written above
}

for (const priorityClass of priorityClasses) await ensure(client, priorityClass);
const answers: Record<string, Outcome> = {};
for (const [index, scenario] of scenarios.entries()) {
  const namespace = `scenario-${index}`;
  await clear(client);
  await play(client, scenario, namespace);
  answers[scenario.why] = await settled(() => outcome(client, scenario, namespace));
  console.log(scenario.why, JSON.stringify(answers[scenario.why]));
}
await clear(client);
writeFileSync(new URL('recorded-outcomes.json', import.meta.url), `${JSON.stringify(answers, undefined, 2)}\n`);
