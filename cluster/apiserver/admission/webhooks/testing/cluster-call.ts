import { request } from 'node:https';
import { parse } from 'yaml';
import type { Answered, Call } from '../test/play-scenario.ts';

/** Sends requests to a cluster of ours as its administrator. */
export function clusterCall(cluster: {
  readonly url: string;
  readonly caPem: string;
  readonly kubeconfig: string;
}): Call {
  const { users } = parse(cluster.kubeconfig) as { users: { user: Record<string, string> }[] }; // made by ourselves
  const user = users[0]?.user ?? {};
  const pem = (name: string): Buffer => Buffer.from(user[`client-${name}-data`] ?? '', 'base64');
  const tls = { ca: cluster.caPem, cert: pem('certificate'), key: pem('key') };
  return ({ method, path, body, type = 'application/json' }) =>
    new Promise<Answered>((resolve, reject) => {
      const data = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        'user-agent': 'probe',
        ...(data !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(data) }),
      };
      const outgoing = request(cluster.url + path, { method, headers, ...tls }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = String(response.headers['content-type']).includes('json');
          const { statusCode: status = 0, headers: received } = response;
          resolve({ status, headers: received, body: isJson ? JSON.parse(text) : { text } });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(data);
    });
}
