import { isApiError, timestamp } from '@kit/base';
import type { Views } from '@kit/kube';
import { defineController, done, waiting } from '@kit/reconcile';
import type { Controller, Step } from '@kit/reconcile';
import { annotations, fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { LoginRecordObject, UserObject } from '../contract/index.ts';
import { lockedUntilMs } from '../rules/lock.ts';
import { loginRecordsToDrop } from '../rules/login-records-to-drop.ts';
import type { IamControllerDeps } from './ports.ts';

type UserStep = Step<UserObject, IamControllerDeps>;

/** Notes on the user when they last signed in, by the newest record that succeeded. */
const noteLastLogin: UserStep = async (user, { kube, views }) => {
  const { name } = user.metadata;
  const newest = [...recordsOf(views, name)]
    .filter((row) => row.object().spec.success)
    .sort((a, b) => b.createdMs - a.createdMs)[0];
  const lastLoginTime = newest && timestamp(newest.createdMs);
  if (!lastLoginTime || lastLoginTime <= (user.status?.lastLoginTime ?? '')) return done;
  await kube.patch(iamTypes.users, { name }, { status: { lastLoginTime } }, { type: 'merge', fieldManager });
  return done;
};

const dropOldRecords: UserStep = async ({ metadata: { name } }, { kube, views, clock }) => {
  for (const record of loginRecordsToDrop([...recordsOf(views, name)], clock.now())) {
    await kube.delete(iamTypes.loginRecords, { name: record.name }).catch((error: unknown) => {
      if (!isApiError(error, 'NotFound')) throw error;
    });
  }
  return done;
};

function* recordsOf(views: Views, userName: string) {
  for (const row of views.of<LoginRecordObject>(iamTypes.loginRecords).rows())
    if (row.labels[labels.userRef] === userName) yield row;
}

/** Takes a lock for too many failed sign-ins off when its time is over. */
const endLock: UserStep = async (user, { kube, clock }) => {
  const untilMs = lockedUntilMs(user);
  if (untilMs === 0) return done;
  const leftMs = untilMs - clock.now();
  if (leftMs > 0) return waiting('the end of the lock', Math.ceil(leftMs / 1000));
  const { name, resourceVersion } = user.metadata;
  const patch = {
    metadata: { resourceVersion, annotations: { [annotations.lockedUntil]: null } },
    status: { state: 'Active', reason: null, lastTransitionTime: timestamp(clock.now()) },
  };
  await kube.patch(iamTypes.users, { name }, patch, { type: 'merge', fieldManager });
  return done;
};

/** Keeps a user's last sign-in and no more records than are of use. */
export const loginRecordsController: Controller<UserObject, IamControllerDeps> = defineController({
  name: 'login-records',
  type: iamTypes.users,
  watches: [
    {
      type: iamTypes.loginRecords,
      map: (row) => (row.labels[labels.userRef] ? [{ name: row.labels[labels.userRef] ?? '' }] : []),
    },
  ],
  steps: [noteLastLogin, dropOldRecords, endLock],
  fieldOwner: 'freehold-iam',
});
