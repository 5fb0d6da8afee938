import { bindController } from '@kit/reconcile';
import type { BoundController } from '@kit/reconcile';
import { clusterAdminController } from './cluster-admin-controller.ts';
import { groupBindingController, groupController } from './group-controllers.ts';
import { loginRecordsController } from './login-records-controller.ts';
import type { IamControllerDeps } from './ports.ts';
import { serviceAccountController } from './service-account-controller.ts';
import { userController } from './user-controller.ts';

export { ensureAdmin } from './ensure-admin.ts';
export type { NewAdmin } from './ensure-admin.ts';
export type { IamControllerDeps } from './ports.ts';

/** The controllers of users, their login records, groups, and what platform roles and annotations give in Kubernetes. */
export function iamControllers(deps: IamControllerDeps): BoundController[] {
  return [
    bindController(userController, deps),
    bindController(loginRecordsController, deps),
    bindController(groupController, deps),
    bindController(groupBindingController, deps),
    bindController(clusterAdminController, deps),
    bindController(serviceAccountController, deps),
  ];
}
