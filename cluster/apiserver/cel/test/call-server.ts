import { request } from 'node:https';
import { parse } from 'yaml';
import type { Answered, Call, Step } from './play-scenario.ts';

/** Calls the server of a kubeconfig, as the user of its only entry. */
export function callerOf(kubeconfig: string): Call {
  const { clusters, users } = parse(kubeconfig) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const pem = (from: Record<string, string> | undefined, name: string): Buffer =>
    Buffer.from(from?.[`${name}-data`] ?? '', 'base64');
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  const tls = {
    ca: pem(cluster, 'certificate-authority'),
    cert: pem(user, 'client-certificate'),
    key: pem(user, 'client-key'),
  };
  return ({ method, path, body }: Step) =>
    new Promise<Answered>((resolve, reject) => {
      const outgoing = request(
        new URL(path, cluster?.['server']),
        { method, ...tls, headers: { 'content-type': 'application/json' } },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.on('end', () => {
            const { warning } = incoming.headers;
            const text = Buffer.concat(parts).toString();
            resolve({
              status: incoming.statusCode ?? 0,
              warning: Array.isArray(warning) ? warning.join(', ') : warning,
              body: text.startsWith('{') ? (JSON.parse(text) as unknown) : { kind: 'Text', message: text },
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
