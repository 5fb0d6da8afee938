import { isApiError, timestamp } from '@kit/base';
import type { KubeClient, KubeObject, ResourceType } from '@kit/kube';
import { done, stalled } from '@kit/reconcile';
import type { Step } from '@kit/reconcile';
import { annotations, apiVersionOf, fieldManager, iamGroup, iamTypes, labels } from '../contract/index.ts';
import type { BindingObject, UserObject } from '../contract/index.ts';
import { hashPassword, isHashed } from '../rules/password.ts';
import { stateAfter } from '../rules/user-state.ts';
import type { IamControllerDeps } from './ports.ts';

type UserStep = Step<UserObject, IamControllerDeps>;

/**
 * Puts a hash in the place of a password that was written in plain text, by kubectl for example: by somebody else than
 * the user, who is asked for one of their own.
 */
export const hashPlainPassword: UserStep = async (user, { kube, clock }) => {
  const { password } = user.spec;
  if (password === undefined || password === '' || isHashed(password)) return done;
  const { name, resourceVersion } = user.metadata;
  const noted = {
    [annotations.lastPasswordChange]: timestamp(clock.now()),
    [annotations.uninitialized]: 'true',
    'kubectl.kubernetes.io/last-applied-configuration': null,
  };
  const patch = { metadata: { resourceVersion, annotations: noted }, spec: { password: await hashPassword(password) } };
  await kube.patch(iamTypes.users, { name }, patch, { type: 'merge', fieldManager });
  return done;
};

/** Active with a password, disabled without; who was disabled on purpose stays so. */
export const setState: UserStep = async (user, { kube, clock }) => {
  const next = stateAfter(user);
  if (!next) return done;
  const { name } = user.metadata;
  const status = { ...next, lastTransitionTime: timestamp(clock.now()) };
  await kube.patch(iamTypes.users, { name }, { status }, { type: 'merge', fieldManager });
  return done;
};

/** Turns the platform role asked for in an annotation into a binding, once, and takes the annotation off. */
export const bindAskedRole: UserStep = async (user, { kube }) => {
  const role = user.metadata.annotations?.[annotations.globalRole];
  if (role === undefined) return done;
  if (role !== '' && !(await kube.find(iamTypes.globalRoles, { name: role }))) {
    return stalled('RoleMissing', `there is no platform role "${role}"`);
  }
  const { name } = user.metadata;
  if (role !== '') await kube.apply(iamTypes.globalRoleBindings, bindingOf(name, role), { fieldManager, force: true });
  await kube.patch(
    iamTypes.users,
    { name },
    { metadata: { annotations: { [annotations.globalRole]: null } } },
    { type: 'merge', fieldManager },
  );
  return done;
};

function bindingOf(userName: string, role: string): BindingObject {
  return {
    apiVersion: apiVersionOf(iamTypes.globalRoleBindings),
    kind: iamTypes.globalRoleBindings.kind,
    metadata: { name: `${userName}-${role}`, labels: { [labels.userRef]: userName } },
    roleRef: { apiGroup: iamGroup, kind: iamTypes.globalRoles.kind, name: role },
    subjects: [{ apiGroup: iamGroup, kind: 'User', name: userName }],
  };
}

const bindingTypes = [
  iamTypes.globalRoleBindings,
  iamTypes.workspaceRoleBindings,
  iamTypes.roleBindings,
  iamTypes.clusterRoleBindings,
] as const;

/**
 * Takes a user out of every binding, so that whoever is later created under the name starts with nothing. Asks the
 * cluster, not the view: a binding made a moment ago must not stay.
 */
export const removeBindings: UserStep = async ({ metadata: { name } }, { kube }) => {
  for (const type of bindingTypes) {
    const { items } = await kube.list<BindingObject>(type);
    for (const binding of items.filter((one) => namesUser(one, name)))
      await leaveBinding(kube, binding, { type, name });
  }
  return done;
};

function namesUser({ subjects = [] }: BindingObject, name: string): boolean {
  return subjects.some((subject) => subject.kind === 'User' && subject.name === name);
}

async function leaveBinding(
  kube: KubeClient,
  binding: BindingObject,
  { type, name }: { readonly type: ResourceType; readonly name: string },
): Promise<void> {
  const others = (binding.subjects ?? []).filter((subject) => subject.kind !== 'User' || subject.name !== name);
  if (others.length === 0) await ignoreMissing(kube.delete(type, keyOf(binding)));
  else await kube.update(type, { ...binding, subjects: others }, { fieldManager });
}

function keyOf({ metadata }: KubeObject): { name: string; namespace?: string } {
  return metadata.namespace === undefined
    ? { name: metadata.name }
    : { namespace: metadata.namespace, name: metadata.name };
}

/** The sign-ins of a deleted user, and their place in departments. */
export const removeTraces: UserStep = async ({ metadata: { name } }, { kube }) => {
  const selector = { labelSelector: `${labels.userRef}=${name}` };
  for (const type of [iamTypes.loginRecords, iamTypes.groupBindings]) {
    const { items } = await kube.list(type, selector);
    for (const { metadata } of items) await ignoreMissing(kube.delete(type, { name: metadata.name }));
  }
  return done;
};

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isApiError(error, 'NotFound')) throw error;
  });
}
