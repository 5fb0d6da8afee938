import { ManualClock } from '@kit/base';
import type { User } from '@kit/http';
import type { KubeObject, ResourceType, Row, View, Views } from '@kit/kube';
import { bench, describe } from 'vitest';
import { iamTypes, labels } from '../contract/index.ts';
import { requestInfo } from '../rules/request-info.ts';
import { AuthorizationIndex } from '../server/authorization-index.ts';

// 1,000 workspaces with four roles and twenty members each, and three projects each: 20,000 bindings.
const workspaces = 1000;
const membersEach = 20;
const clock = new ManualClock();

function rowOf(object: KubeObject): Row {
  const { namespace = '', name, labels: own = {} } = object.metadata;
  const json = Buffer.from(JSON.stringify(object));
  return {
    namespace,
    name,
    uid: name,
    resourceVersion: '1',
    createdMs: clock.now(),
    labels: own,
    json,
    object: () => JSON.parse(String(json)) as KubeObject,
    value: (facet) => facet.of(object),
  };
}

function object(type: ResourceType, [name, workspace]: readonly [string, string], more: object): KubeObject {
  const metadata = { name, labels: { [labels.workspace]: workspace } };
  return { apiVersion: `${type.group}/${type.version}`, kind: type.kind, metadata, ...more };
}

function* roles(): Iterable<Row> {
  const rules = {
    admin: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    viewer: [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: ['*'] }],
    regular: [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: ['workspaces', 'workspacemembers'] }],
    'self-provisioner': [{ verbs: ['create', 'watch'], apiGroups: ['*'], resources: ['namespaces'] }],
  };
  for (let w = 0; w < workspaces; w++)
    for (const [name, list] of Object.entries(rules))
      yield rowOf(object(iamTypes.workspaceRoles, [`w${w}-${name}`, `w${w}`], { rules: list }));
}

function* bindings(): Iterable<Row> {
  for (let w = 0; w < workspaces; w++) {
    for (let m = 0; m < membersEach; m++) {
      const name = `user-${(w * 7 + m) % 5000}`;
      const roleRef = { apiGroup: 'iam.kubesphere.io', kind: 'WorkspaceRole', name: `w${w}-viewer` };
      yield rowOf(
        object(iamTypes.workspaceRoleBindings, [`${name}-w${w}`, `w${w}`], {
          roleRef,
          subjects: [{ kind: 'User', name }],
        }),
      );
    }
  }
}

const namespaces = new Map<string, Row>();
for (let w = 0; w < workspaces; w++) {
  for (let n = 0; n < 3; n++) {
    const metadata = { name: `w${w}-p${n}`, labels: { [labels.workspace]: `w${w}` } };
    namespaces.set(metadata.name, rowOf({ apiVersion: 'v1', kind: 'Namespace', metadata }));
  }
}

function viewOf({ kind }: ResourceType): Partial<View> {
  const rows = kind === 'WorkspaceRole' ? roles : kind === 'WorkspaceRoleBinding' ? bindings : () => [];
  const get = (_namespace: string, name: string): Row | undefined =>
    kind === 'Namespace' ? namespaces.get(name) : undefined;
  return { rows, get, subscribe: () => () => undefined };
}

const index = new AuthorizationIndex({ of: viewOf } as unknown as Views); // what the index reads of views, and no more
const user: User = { name: 'user-7', groups: ['system:authenticated'] };

describe('one decision among 20,000 bindings', () => {
  const allowed = requestInfo('GET', '/api/v1/namespaces/w1-p1/pods/web-0/log');
  const refused = requestInfo('DELETE', '/apis/apps/v1/namespaces/w1-p1/deployments/web');
  bench('granted by a workspace role', () => void index.decideFor(user, allowed));
  bench('refused everywhere', () => void index.decideFor(user, refused));
  bench(
    'read off the request, then granted',
    () => void index.decideFor(user, requestInfo('GET', '/api/v1/namespaces/w1-p1/pods/web-0/log')),
  );
});
