import { kinds } from '@kit/kube';
import type { KubeObject, Row, ViewEvent, Views } from '@kit/kube';
import { apiTokenType, iamTypes, labels } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import type { Sessions } from './sessions.ts';

/** What gives rights. None takes any away, so only a change or a removal can mean that somebody has lost one. */
const giving = [
  iamTypes.globalRoles,
  iamTypes.workspaceRoles,
  iamTypes.roles,
  iamTypes.clusterRoles,
  iamTypes.globalRoleBindings,
  iamTypes.workspaceRoleBindings,
  iamTypes.roleBindings,
  iamTypes.clusterRoleBindings,
  apiTokenType,
];

interface Parts {
  readonly views: Views;
  readonly sessions: Sessions;
}

/** Calls `listener` whenever somebody may have lost a right: a role, a group, a place, a session, their account. */
export function onRightsChange({ views, sessions }: Parts, listener: () => void): () => void {
  const when =
    <T extends KubeObject>(isLoss: (now: Row<T>, before: Row<T>) => boolean) =>
    ({ type, row, previous }: ViewEvent<T>): void => {
      if (type === 'deleted' || (type === 'modified' && (!previous || isLoss(row, previous)))) listener();
    };
  const ends = [
    ...giving.map((type) => views.of(type).subscribe(when(() => true))),
    views.of(kinds.namespaces).subscribe(when((now, before) => workspaceOf(now) !== workspaceOf(before))),
    views.of<UserObject>(iamTypes.users).subscribe(when((now, before) => standingOf(now) !== standingOf(before))),
    sessions.onEnd(listener),
  ];
  return () => ends.forEach((end) => end());
}

function workspaceOf(row: Row): string | undefined {
  return row.labels[labels.workspace];
}

/** All of a user that decides what they may; most changes of users are none of it, e.g. the time they signed in. */
function standingOf(row: Row<UserObject>): string {
  const { metadata, spec, status } = row.object();
  return JSON.stringify([metadata.uid, metadata.deletionTimestamp, spec.groups, spec.password, status?.state]);
}
