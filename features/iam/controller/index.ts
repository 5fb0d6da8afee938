import { bindController } from '@kit/reconcile';
import type { BoundController } from '@kit/reconcile';
import { loginRecordsController } from './login-records-controller.ts';
import type { IamControllerDeps } from './ports.ts';
import { userController } from './user-controller.ts';

export { ensureAdmin } from './ensure-admin.ts';
export type { IamControllerDeps } from './ports.ts';

/** The controllers of users and of their login records. */
export function iamControllers(deps: IamControllerDeps): BoundController[] {
  return [bindController(userController, deps), bindController(loginRecordsController, deps)];
}
