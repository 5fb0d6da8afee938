import { ApiError } from '@kit/base';
import type { ApiServerParts } from '../api-server-parts.ts';
import { refusal } from '../auth/attributes.ts';
import type { Attributes } from '../auth/attributes.ts';
import type { RequestInfo } from '../endpoints/request-info.ts';
import type { Exchange } from '../endpoints/respond.ts';
import { forbidden } from '../store/api-errors.ts';
import type { Caller } from '../store/write-request.ts';
import { proxyRequest } from './proxy-request.ts';
import type { RemoteService } from './remote-service.ts';

/** Nobody gets through this server what he may not have; the other server decides the rest. */
function authorize(
  { authorizer }: ApiServerParts,
  { audit }: Exchange,
  { info, caller }: { info: RequestInfo; caller: Caller },
): void {
  const { verb, path, resource } = info;
  const isAllowed = (attributes: Attributes): boolean => {
    const decision = authorizer.decide(caller, attributes);
    audit?.decided(decision);
    return decision.allowed;
  };
  if (!resource) {
    const attributes = { verb, path };
    if (isAllowed(attributes)) return;
    throw new ApiError('Forbidden', `forbidden: ${refusal(caller, attributes)}`, { details: {} });
  }
  const { group, resource: plural, subresource, namespace, name } = resource;
  const attributes = { verb, group, resource: plural, subresource, namespace, name };
  if (isAllowed(attributes)) return;
  throw forbidden({ group, resource: plural, kind: '' }, name, refusal(caller, attributes));
}

/** Answers a request for a group version that another API server serves. */
export async function serveRemote(
  parts: ApiServerParts,
  exchange: Exchange,
  { info, caller, remote }: { info: RequestInfo; caller: Caller; remote: RemoteService },
): Promise<void> {
  authorize(parts, exchange, { info, caller });
  await proxyRequest(parts.aggregator.deps, exchange, { remote, caller });
}
