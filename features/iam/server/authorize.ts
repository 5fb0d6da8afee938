import type { AuthorizeRequest } from '@kit/http';
import { requestInfo } from '../rules/request-info.ts';
import type { AuthorizationIndex } from './authorization-index.ts';

/** The authorization of requests, for `createHttp`: what the path says, or what the route says instead of it. */
export function createAuthorize(index: AuthorizationIndex): (request: AuthorizeRequest) => void {
  return ({ user, method, url, attributes }) => {
    const info = requestInfo(method, url);
    index.checkFor(user, attributes ? { ...info, isResource: true, ...attributes } : info);
  };
}
