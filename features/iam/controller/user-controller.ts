import { defineController } from '@kit/reconcile';
import { iamTypes, userFinalizer } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import type { IamControllerDeps } from './ports.ts';
import { bindAskedRole, hashPlainPassword, removeBindings, removeTraces, setState } from './user-steps.ts';

/** Keeps accounts usable and safe, and takes everything of a deleted one away before its name is free again. */
export const userController = defineController<UserObject, IamControllerDeps>({
  name: 'user',
  type: iamTypes.users,
  steps: [hashPlainPassword, setState, bindAskedRole],
  finalizer: userFinalizer,
  finalize: [removeBindings, removeTraces],
  fieldOwner: 'freehold-iam',
});
