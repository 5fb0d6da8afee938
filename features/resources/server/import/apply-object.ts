import { ApiError, httpStatus, type Reason, type Status } from '@kit/base';
import { pathOf, type KubeClient, type KubeObject, type ResourceType } from '@kit/kube';

/** The field manager of everything that people write through the console. */
export const consoleFieldManager = 'freehold-console';

export interface Applied {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** The texts of `Warning` headers (RFC 9111, 5.5): code, agent, quoted text. */
export function warningsIn(header: string | string[] | undefined): string[] {
  const all = Array.isArray(header) ? header.join(', ') : (header ?? '');
  return [...all.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}

function failure(status: Partial<Status>, code: number): ApiError {
  const reason = status.reason && status.reason in httpStatus ? (status.reason as Reason) : 'InternalError'; // cast: the line asks whether it is one
  const known = reason === 'InternalError' ? 'BadRequest' : reason;
  return new ApiError(known, status.message ?? `the cluster answered ${code}`, {
    ...(status.details ? { details: status.details } : {}),
    code,
  });
}

export interface ApplyRequest {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly dryRun: boolean;
}

/** Server-side apply that also says what the cluster warns of; nothing is taken over from other managers. */
export async function applyObject(kube: KubeClient, { type, object, dryRun }: ApplyRequest): Promise<Applied> {
  const { name, namespace } = object.metadata;
  const answer = await kube.raw({
    method: 'PATCH',
    path: pathOf(type, { name, ...(namespace === undefined ? {} : { namespace }) }),
    query: { fieldManager: consoleFieldManager, fieldValidation: 'Warn', ...(dryRun ? { dryRun: 'All' } : {}) },
    headers: { 'content-type': 'application/apply-patch+yaml', accept: 'application/json' },
    body: JSON.stringify(object),
  });
  const body = answer.body as AsyncIterable<Uint8Array>; // cast: no encoding is set on it
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString());
  if (answer.status >= 300) throw failure(parsed as Partial<Status>, answer.status); // cast: the API answers failures with a Status
  return { object: parsed as KubeObject, warnings: warningsIn(answer.headers['warning']) }; // cast: and an apply with the object
}
