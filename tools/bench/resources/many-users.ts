import { iamTypes } from '@feature/iam/contract';
import { kinds, type KubeClient } from '@kit/kube';
import { signIn, type Session } from '@kit/testing';
import { each, project } from './fill-cluster.ts';

const password = 'Passw0rd-of-a-bench';

/** Makes users who may each look into three projects of their own, and signs them in. */
export async function manyUsers(
  kube: KubeClient,
  at: { url: string; admin: Session; count: number },
): Promise<string[]> {
  const tokens: string[] = [];
  await each(0, at.count, async (number) => {
    const name = `member-${number}`;
    const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
    const made = await at.admin.call('POST', '/kapis/iam.kubesphere.io/v1alpha2/users', body);
    if (made.status !== 200) throw new Error(`user ${name} was not made: ${made.text}`);
    for (const offset of [0, 1, 2]) {
      const namespace = project(number * 3 + offset);
      await kube.create(kinds.roles, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'looker', namespace },
        rules: [{ apiGroups: ['resources.kubesphere.io', ''], resources: ['*'], verbs: ['get', 'list'] }],
      });
      await kube.create(kinds.rolebindings, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name, namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'looker' },
        subjects: [{ apiGroup: iamTypes.roles.group, kind: 'User', name }],
      });
    }
    tokens.push(await tokenOf(at.url, name));
  });
  return tokens;
}

/** A user can sign in once the server has seen that they are. */
async function tokenOf(url: string, name: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await signIn(url, name, password)).token;
    } catch (error) {
      if (attempt > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
