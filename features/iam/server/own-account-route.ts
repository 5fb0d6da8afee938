import { ApiError, timestamp } from '@kit/base';
import { defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import { Type } from 'typebox';
import { annotations, fieldManager, iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { checkPassword, hashPassword } from '../rules/password.ts';
import { sessionOf } from './authenticate.ts';
import type { IamParts } from './parts.ts';
import * as schemas from './schemas.ts';
import { shownUser } from './user-store.ts';

/**
 * How KubeSphere's console sets the first password: a patch of the user object itself. Served for one's own account and
 * only until that password is set; every other way to the object behind `/apis` is for platform administrators.
 */
export function ownAccountRoute(parts: IamParts): Route {
  return defineRoute({
    method: 'PATCH',
    path: '/apis/iam.kubesphere.io/v1alpha2/users/{user}',
    scope: 'none',
    permission: { by: 'signedIn', why: 'a caller reaches their own account only, and of it only the first password' },
    summary: 'Set one’s own first password',
    tag: 'Users',
    params: schemas.userParams,
    body: Type.Object({ spec: Type.Object({ password: Type.String({ maxLength: 1024 }) }) }),
    responses: { 200: schemas.object },
    handle: async ({ user: caller, params, body }) => {
      const user = await parts.kube.get<UserObject>(iamTypes.users, { name: caller.name });
      const isFirst = user.metadata.annotations?.[annotations.uninitialized] === 'true';
      if (params.user !== caller.name || !isFirst) {
        throw new ApiError('Forbidden', 'users are changed at /kapis/iam.kubesphere.io/v1alpha2/users');
      }
      checkPassword(body.spec.password, 'spec.password', (await parts.config.settings()).passwordPolicy);
      const password = await hashPassword(body.spec.password);
      await parts.warden.keeps(caller.name, password, sessionOf(caller));
      const noted = {
        [annotations.uninitialized]: null,
        [annotations.lastPasswordChange]: timestamp(parts.clock.now()),
      };
      const patch = { metadata: { annotations: noted }, spec: { password } };
      const changed = await parts.kube.patch<UserObject>(iamTypes.users, { name: caller.name }, patch, {
        type: 'merge',
        fieldManager,
      });
      return shownUser(parts, changed);
    },
  });
}
