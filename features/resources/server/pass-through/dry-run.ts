import type { IncomingMessage } from 'node:http';
import type { KubeObject } from '@kit/kube';
import { requestHeaders } from '../../rules/forwarded-headers.ts';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';

/** More than an object can be: etcd takes half of it. */
export const longestBytes = 3 * 1024 * 1024;

/** What the object would be after the request; `undefined` when the cluster would refuse it anyway. */
export async function outcome(
  { kube }: Pick<ResourcesDeps, 'kube'>,
  target: KubeTarget,
  { request, body }: { request: IncomingMessage; body: Uint8Array },
): Promise<KubeObject | undefined> {
  const { 'accept-encoding': _encoding, ...headers } = requestHeaders(request.headers);
  const tried = await kube.raw({
    method: request.method ?? 'PATCH',
    path: target.path,
    query: { ...Object.fromEntries(target.params), dryRun: 'All' },
    headers: { ...headers, accept: 'application/json' },
    body,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of tried.body as AsyncIterable<Uint8Array>) chunks.push(chunk); // cast: no encoding is set on it
  return tried.status < 300 ? (JSON.parse(Buffer.concat(chunks).toString()) as KubeObject) : undefined; // cast: the answer to a write of one object is the object
}
