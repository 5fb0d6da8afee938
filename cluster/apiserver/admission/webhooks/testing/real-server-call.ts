import { request } from 'node:https';
import type { Answered, Call } from '../test/play-scenario.ts';

/** Sends requests to a real API server, with a token. */
export function realServerCall(url: string, token: string): Call {
  return ({ method, path, body, type = 'application/json' }) =>
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
}
