import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../apiserver/schema/schema.ts';
import { isObject } from '../../apiserver/schema/structural-schema.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly contentType?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: JsonObject;
  readonly warnings: readonly string[];
}

/** A way to ask one API server, as its administrator. */
export interface ApiCaller {
  readonly call: (request: ApiRequest) => Promise<ApiAnswer>;
  readonly close: () => void;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

const atOnce = 8;
/** The status of a request whose handler crashed: the server hangs up. Real ones do so for a few wrong objects. */
export const noAnswer = 0;

function decoded(text = ''): Buffer {
  return Buffer.from(text, 'base64');
}

function answerOf(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json; // JSON has no other values
    return isObject(value) ? value : { text };
  } catch {
    return { text };
  }
}

/** Asks the server of a kubeconfig that holds a client certificate. */
export function apiCaller(kubeconfig: string): ApiCaller {
  const { clusters, users } = parse(kubeconfig) as Kubeconfig; // a kubeconfig has this shape
  const [cluster, user] = [clusters[0]?.cluster ?? {}, users[0]?.user ?? {}];
  const agent = new Agent({
    keepAlive: true,
    maxSockets: atOnce,
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  });
  const call = ({ method, path, body, contentType = 'application/json' }: ApiRequest): Promise<ApiAnswer> =>
    new Promise((resolve, reject) => {
      const data = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        accept: 'application/json',
        'content-type': contentType,
        'content-length': Buffer.byteLength(data),
      };
      const outgoing = request((cluster['server'] ?? '') + path, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { statusCode: status = 0, headersDistinct } = response;
          const warnings = headersDistinct['warning'] ?? [];
          resolve({ status, body: answerOf(Buffer.concat(chunks).toString()), warnings });
        });
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNRESET') resolve({ status: noAnswer, body: { text: 'no answer' }, warnings: [] });
        else reject(error);
      });
      outgoing.end(data);
    });
  return { call, close: () => agent.destroy() };
}
