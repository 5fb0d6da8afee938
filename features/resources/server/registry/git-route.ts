import { ApiError } from '@kit/base';
import { defineRoute, type Route } from '@kit/http';
import { kinds, type KubeObject } from '@kit/kube';
import { Type } from 'typebox';
import { outboundFetch } from '../outbound/outbound-fetch.ts';
import type { ResourcesParts } from '../parts.ts';

type Secret = KubeObject & { data?: Record<string, string> };

const decoded = (text = ''): string => Buffer.from(text, 'base64').toString();

function authorizationOf({ data = {} }: Secret): Record<string, string> {
  const [username, password] = [decoded(data['username']), decoded(data['password'])];
  if (username === '' && password === '')
    throw new ApiError('BadRequest', 'secretRef: the secret holds no username and password');
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** Whether a git repository can be read with a credential (resources.kubesphere.io v1alpha2), in git's own protocol over HTTP. */
export function gitRoute(parts: ResourcesParts, fetch = outboundFetch(parts.outbound)): Route {
  return defineRoute({
    method: 'POST',
    path: '/kapis/resources.kubesphere.io/v1alpha2/git/verify',
    scope: 'cluster',
    permission: { by: 'rbac' },
    summary: 'Say whether a git repository can be read, with the credential of a secret if one is named',
    tag: 'Registries',
    body: Type.Object({
      remoteUrl: Type.String({ minLength: 1 }),
      secretRef: Type.Optional(
        Type.Object({ name: Type.Optional(Type.String()), namespace: Type.Optional(Type.String()) }),
      ),
    }),
    responses: { 200: Type.Object({ message: Type.String() }) },
    handle: async ({ user, body: { remoteUrl, secretRef } }) => {
      const { name, namespace } = secretRef ?? {};
      let headers: Record<string, string> = {};
      if (name) {
        if (!namespace) throw new ApiError('BadRequest', 'secretRef.namespace: say in which project the secret is');
        parts.access.check(user, { verb: 'get', group: '', resource: 'secrets', namespace, name });
        headers = authorizationOf(await parts.kube.get<Secret>(kinds.secrets, { namespace, name }));
      }
      const url = `${remoteUrl.replace(/\/+$/, '')}/info/refs?service=git-upload-pack`;
      const { status, headers: answered } = await fetch(url, { headers, maxBytes: 16 << 20 });
      if (status === 401 || status === 403)
        throw new ApiError('BadRequest', 'the repository is not shown to this user');
      const isGit = answered.get('content-type')?.startsWith('application/x-git-upload-pack-advertisement') === true;
      if (status !== 200 || !isGit)
        throw new ApiError('BadRequest', `remoteUrl: no git repository answers there (status ${status})`);
      return { message: 'success' };
    },
  });
}
