import { ApiError } from '@kit/base';
import type { RawRequest } from './client-api.ts';
import { apiVersionOf } from './path.ts';
import { errorOfResponse } from './status-error.ts';
import type { Transport } from './transport.ts';
import { errorOfTransport } from './transport-error.ts';
import type { KubeObject, ResourceType } from './types.ts';

export type JsonRequest = RawRequest & { readonly json?: unknown; readonly contentType?: string };

/** Asks for JSON; the caller names the type that the path answers with. */
export type Ask = <T>(request: JsonRequest) => Promise<T>;

async function readBody(transport: Transport, request: RawRequest): Promise<string> {
  const response = await transport.short(request);
  let body: string;
  try {
    body = await response.body.text();
  } catch (cause) {
    throw errorOfTransport(transport.server, cause, request.signal);
  }
  if (response.statusCode < 400) return body;
  throw errorOfResponse(response.statusCode, body, String(response.headers['retry-after'] ?? ''));
}

/** JSON requests over `transport`; every failure is an `ApiError`. */
export function createAsk(transport: Transport): Ask {
  return async <T>({ json, contentType, ...request }: JsonRequest) => {
    const type = { 'content-type': contentType ?? 'application/json' };
    const encoded = json === undefined ? {} : { headers: { ...request.headers, ...type }, body: JSON.stringify(json) };
    const text = await readBody(transport, { ...request, ...encoded });
    try {
      return JSON.parse(text) as T; // the caller names the type the path answers with
    } catch (cause) {
      const message = `${transport.server} answered ${request.path} with something that is not JSON`;
      throw new ApiError('ServiceUnavailable', message, { cause });
    }
  };
}

/** Items of a built-in list come without their kind; whoever reads one expects it. */
export function named<T extends KubeObject>(type: ResourceType, item: T): T {
  return item.kind && item.apiVersion ? item : { ...item, apiVersion: apiVersionOf(type), kind: type.kind };
}
