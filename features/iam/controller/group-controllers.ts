import { defineController } from '@kit/reconcile';
import { groupBindingFinalizer, groupFinalizer, iamTypes } from '../contract/index.ts';
import type { GroupBindingObject, GroupObject } from '../contract/index.ts';
import { ensureGroupOwner, joinGroup, leaveGroups, removeGroupMembers, removeGroupRoles } from './group-steps.ts';
import type { IamControllerDeps } from './ports.ts';

/** Ties groups to what they belong to, and takes their roles and members away before their name is free again. */
export const groupController = defineController<GroupObject, IamControllerDeps>({
  name: 'group',
  type: iamTypes.groups,
  steps: [ensureGroupOwner],
  finalizer: groupFinalizer,
  finalize: [removeGroupRoles, removeGroupMembers],
  fieldOwner: 'freehold-iam',
});

/** Keeps the groups of a user in step with the bindings that name them. */
export const groupBindingController = defineController<GroupBindingObject, IamControllerDeps>({
  name: 'group-binding',
  type: iamTypes.groupBindings,
  steps: [joinGroup],
  finalizer: groupBindingFinalizer,
  finalize: [leaveGroups],
  fieldOwner: 'freehold-iam',
});
