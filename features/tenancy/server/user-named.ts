import { authenticatedGroup, iamTypes, type UserObject } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import type { KubeClient } from '@kit/kube';

/** A user as they would be when signed in, to say what they can see; `NotFound` when there is none. */
export async function userNamed(kube: KubeClient, name: string): Promise<User> {
  const user = await kube.find<UserObject>(iamTypes.users, { name });
  if (!user) throw new ApiError('NotFound', `there is no user "${name}"`, { details: { kind: 'users', name } });
  return { name, groups: [authenticatedGroup, ...(user.spec.groups ?? [])] };
}
