import { defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import { Type } from 'typebox';

/** KubeSphere's other way to a token: the password grant with a JSON body. It is the same door, with the same locks. */
export function loginRoute(signInRoutes: readonly Route[]): Route {
  const token = signInRoutes.find(({ path, method }) => path === '/oauth/token' && method === 'POST');
  if (!token) throw new Error('there is no route that gives tokens');
  return defineRoute({
    method: 'POST',
    path: '/kapis/iam.kubesphere.io/v1alpha2/login',
    scope: 'none',
    permission: token.permission,
    summary: 'Get a token by name and password',
    tag: token.tag,
    body: Type.Object({ username: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 1024 }) }),
    responses: token.responses,
    handle: (request) => {
      const { username, password } = request.body;
      const body = { grant_type: 'password', client_id: 'kubesphere', client_secret: 'kubesphere', username, password };
      const { authorization: _none, ...headers } = request.headers;
      return token.handle({ ...request, headers, body });
    },
  });
}
