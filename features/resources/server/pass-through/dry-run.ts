import type { IncomingMessage } from 'node:http';
import { ApiError, httpStatus, type Reason, type Status } from '@kit/base';
import type { KubeObject } from '@kit/kube';
import { requestHeaders } from '../../rules/forwarded-headers.ts';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { ResourcesDeps } from '../ports.ts';

/** More than an object can be: etcd takes half of it. */
export const longestBytes = 3 * 1024 * 1024;

/**
 * What the object would be after the request. The cluster's refusal is thrown as it is, and nothing is written then: a
 * dry run may be refused where the write would not be (webhooks with side effects), and unseen is not allowed.
 */
export async function outcome(
  { kube }: Pick<ResourcesDeps, 'kube'>,
  target: KubeTarget,
  { request, body }: { request: IncomingMessage; body: Uint8Array },
): Promise<KubeObject> {
  const { 'accept-encoding': _encoding, 'content-length': _length, ...headers } = requestHeaders(request.headers);
  const tried = await kube.raw({
    method: request.method ?? 'PATCH',
    path: target.path,
    query: { ...Object.fromEntries(target.params), dryRun: 'All' },
    headers: { ...headers, accept: 'application/json' },
    body,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of tried.body as AsyncIterable<Uint8Array>) chunks.push(chunk); // cast: no encoding is set on it
  const answer = objectIn(Buffer.concat(chunks).toString());
  if (tried.status < 300 && answer) return answer;
  throw refusal(answer ?? {}, tried.status);
}

/** The answer to a write of one object: the object, or a Status. */
function objectIn(text: string): (KubeObject & Partial<Status>) | undefined {
  try {
    return JSON.parse(text) as KubeObject & Partial<Status>; // cast: every field that is read is looked at first
  } catch {
    return undefined; // a text where an object should be: what stands before an API server may answer so
  }
}

function refusal({ reason, message, details }: Partial<Status>, code: number): ApiError {
  const isKnown = reason !== undefined && Object.hasOwn(httpStatus, reason);
  const known = isKnown ? (reason as Reason) : 'BadRequest'; // cast: the line before asks whether it is one
  return new ApiError(known, message ?? `the cluster answered ${code}`, { code, ...(details ? { details } : {}) });
}
