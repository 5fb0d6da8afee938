import type { User } from '@kit/http';
import type { KubeObject, Views } from '@kit/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes, BindingObject, PolicyRule, RoleObject, Subject } from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import { isGuardedByAdmin } from '../rules/guarded-by-admin.ts';
import { HandViews, bindingOf, namespaceOf, roleOf } from '../test/hand-views.ts';
import { AuthorizationIndex } from './authorization-index.ts';

// A second decision, written from the published order alone: it keeps objects in a list and looks through all of them.

type World = ReadonlyMap<string, KubeObject>;
const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

function ruleAllows(rule: PolicyRule, wanted: Attributes): boolean {
  if (!wanted.isResource) {
    const paths = rule.nonResourceURLs ?? [];
    const fits = (path: string): boolean =>
      path === wanted.path || (path.endsWith('*') && wanted.path.startsWith(path.slice(0, -1)));
    return has(rule.verbs, wanted.verb) && paths.some(fits);
  }
  const { resource, subresource } = wanted;
  const names = subresource === '' ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`, `${resource}/*`];
  const isNamed = !rule.resourceNames?.length || rule.resourceNames.includes(wanted.name);
  const isMeant = ['*', ...names].some((name) => rule.resources?.includes(name));
  return isNamed && isMeant && has(rule.verbs, wanted.verb) && has(rule.apiGroups, wanted.group);
}

const isUnlimited = (rule: PolicyRule): boolean =>
  [rule.verbs, rule.apiGroups, rule.resources].every((list) => list?.includes('*')) && !rule.resourceNames?.length;

function isSubject(user: User, { kind, name, namespace }: Subject): boolean {
  if (kind === 'Group') return user.groups.includes(name);
  return user.name === (kind === 'User' ? name : `system:serviceaccount:${namespace ?? ''}:${name}`);
}

const workspaceOf = ({ metadata }: KubeObject): string | undefined => metadata.labels?.['kubesphere.io/workspace'];

/** The kinds of bindings that count, in their order, each with which of them. */
function levels(world: World, wanted: Attributes): [kind: string, counts: (binding: KubeObject) => boolean][] {
  const all = (): boolean => true;
  if (!wanted.isResource) return [['GlobalRoleBinding', all], ['ClusterRoleBinding', all]]; // prettier-ignore
  if (wanted.scope === 'global') return [['GlobalRoleBinding', all]];
  const place = wanted.scope === 'devops' ? wanted.devops : wanted.namespace;
  const isProject = wanted.scope === 'namespace' || wanted.scope === 'devops';
  const namespace = [...world.values()].find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === place);
  const workspace = wanted.scope === 'workspace' ? wanted.workspace : isProject && namespace && workspaceOf(namespace);
  return [
    ['GlobalRoleBinding', all],
    ['WorkspaceRoleBinding', (binding) => Boolean(workspace) && workspaceOf(binding) === workspace],
    ['RoleBinding', ({ metadata }) => isProject && metadata.namespace === place],
    ['ClusterRoleBinding', all],
  ];
}

/** The kind of the first binding that grants it, by looking at everything there is. */
function slowly(world: World, user: User, wanted: Attributes): string | undefined {
  const isGuarded = isGuardedByAdmin(wanted);
  const grants = (binding: BindingObject): boolean => {
    const { kind, name } = binding.roleRef;
    const { namespace } = binding.metadata;
    const isMeant = ({ metadata, ...one }: KubeObject): boolean =>
      one.kind === kind && metadata.name === name && (kind !== 'Role' || metadata.namespace === namespace);
    const rules = [...world.values()].filter(isMeant).flatMap((role) => (role as RoleObject).rules ?? []);
    if (isGuarded && !rules.some(isUnlimited)) return false;
    return (
      (binding.subjects ?? []).some((one) => isSubject(user, one)) && rules.some((rule) => ruleAllows(rule, wanted))
    );
  };
  for (const [kind, counts] of levels(world, wanted)) {
    if (isGuarded && (kind === 'WorkspaceRoleBinding' || kind === 'RoleBinding')) continue;
    const counted = (one: KubeObject): one is BindingObject => one.kind === kind && counts(one);
    const bindings = [...world.values()].filter(counted);
    if (bindings.some(grants)) return kind;
  }
  return undefined;
}

// Few names, so that they meet.
const people = ['jane', 'mark', 'system:serviceaccount:shop:robot', 'system:anonymous'];
const groups = ['ops', 'devs', 'system:authenticated'];
const namespaces = ['shop', 'tools', 'kubesphere-system'];
const workspaces = ['acme', 'beta'];
const verbs = ['get', 'list', 'watch', 'create', 'delete'];
const apiGroups = ['', 'apps', 'iam.kubesphere.io'];
const resources = ['pods', 'deployments', 'secrets', 'users'];
const subresources = ['log', 'exec', 'scale'];
const names = ['web', 'db', 'jane'];
const paths = ['/metrics', '/healthz', '/kapis/metrics', '/a/b/c'];
const from = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);
const some = (list: readonly string[], extra: readonly string[] = ['*']): fc.Arbitrary<string[]> =>
  fc.array(from([...list, ...extra]), { minLength: 1, maxLength: 3 });

const parts = [...resources, '*'].flatMap((one) => [...subresources, '*'].map((part) => `${one}/${part}`));
const anyRule: fc.Arbitrary<PolicyRule> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ verbs: some(verbs), apiGroups: some(apiGroups), resources: some([...resources, ...parts]) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verbs: some(verbs),
      apiGroups: some(apiGroups),
      resources: some(resources),
      resourceNames: fc.array(from(names), { maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ verbs: some(['get', 'post']), nonResourceURLs: some([...paths, '/a/*', '/kapis/*']) }),
  },
  { weight: 1, arbitrary: fc.constant<PolicyRule>({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }) },
);

const anySubject: fc.Arbitrary<Subject> = fc.oneof(
  from(['jane', 'mark']).map((name) => ({ kind: 'User', name })),
  from(groups).map((name) => ({ kind: 'Group', name })),
  fc.constant({ kind: 'ServiceAccount', name: 'robot', namespace: 'shop' }),
);
const roleKinds = {
  GlobalRole: 'global',
  WorkspaceRole: 'workspace',
  Role: 'project',
  ClusterRole: 'cluster',
} as const;
type RoleKind = keyof typeof roleKinds;
const kindsOf = Object.keys(roleKinds) as RoleKind[];
const bindable: Readonly<Record<RoleKind, readonly RoleKind[]>> = {
  GlobalRole: ['GlobalRole'],
  WorkspaceRole: ['WorkspaceRole'],
  Role: ['Role', 'ClusterRole'],
  ClusterRole: ['ClusterRole'],
};
const placeOf = (kind: RoleKind, namespace: string, workspace: string): object =>
  kind === 'Role' ? { namespace } : kind === 'WorkspaceRole' ? { workspace } : {};
const slot = from(['a', 'b']);

const anyObject: fc.Arbitrary<KubeObject> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc
      .tuple(from(namespaces), fc.option(from(workspaces), { nil: undefined }))
      .map(([name, workspace]) => namespaceOf(name, workspace)),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        kind: from(kindsOf),
        name: slot,
        namespace: from(namespaces),
        workspace: from(workspaces),
        rules: fc.array(anyRule, { minLength: 1, maxLength: 3 }),
      })
      .map(({ kind, name, namespace, workspace, rules }) =>
        roleOf(kind, name, { ...placeOf(kind, namespace, workspace), rules }),
      ),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({
        kind: from(kindsOf),
        name: slot,
        namespace: from(namespaces),
        workspace: from(workspaces),
        role: slot,
        other: fc.boolean(),
        subjects: fc.array(anySubject, { minLength: 1, maxLength: 3 }),
      })
      .map(({ kind, name, namespace, workspace, role, other, subjects }) => {
        const target = bindable[kind][other ? bindable[kind].length - 1 : 0] ?? kind;
        return bindingOf(`${kind}Binding`, name, {
          ...placeOf(kind, namespace, workspace),
          role: { kind: target, name: role },
          subjects,
        });
      }),
  },
);

const anyUser: fc.Arbitrary<User> = fc.record({ name: from(people), groups: fc.uniqueArray(from(groups)) });
const anyRequest: fc.Arbitrary<Attributes> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        verb: from(verbs),
        group: from(apiGroups),
        resource: from(resources),
        subresource: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: from(subresources) }),
        name: from(['', ...names]),
        isKubernetes: fc.boolean(),
        place: fc.oneof(
          from(namespaces).map((namespace) => ({ namespace })),
          from(workspaces).map((workspace) => ({ workspace })),
          from(namespaces).map((devops) => ({ devops })),
          fc.constant({}),
          fc.constant({ scope: 'global' as const }),
        ),
      })
      .map(({ place, isKubernetes, ...rest }) => ({ ...attributesOf({ ...rest, ...place }), isKubernetes })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ verb: from(['get', 'post']), path: from(paths) })
      .map(({ verb, path }) => ({ ...attributesOf({ verb }), isResource: false, path })),
  },
);

const step = fc.record({
  object: anyObject,
  isRemoved: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  asks: fc.array(fc.tuple(anyUser, anyRequest), { minLength: 1, maxLength: 4 }),
});

describe('the index of rights', () => {
  it('decides as a look through everything would, whatever came, changed and went', () => {
    const granted = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
        const views = new HandViews();
        const index = new AuthorizationIndex(views as unknown as Views);
        const world = new Map<string, KubeObject>();
        const agree = (asked: AuthorizationIndex, [user, wanted]: [User, Attributes]): void => {
          const expected = slowly(world, user, wanted);
          const { binding } = asked.decideFor(user, wanted);
          expect({ user, wanted, grantedBy: binding?.split(' ', 1)[0] }).toEqual({ user, wanted, grantedBy: expected });
          granted.set(expected ?? 'nothing', (granted.get(expected ?? 'nothing') ?? 0) + 1);
        };
        for (const { object, isRemoved, asks } of steps) {
          const key = `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
          // Not all that is removed was there; that must do no harm.
          if (isRemoved) {
            world.delete(key);
            views.remove(object);
          } else {
            world.set(key, object);
            views.put(object);
          }
          for (const ask of asks) agree(index, ask);
        }
        const later = new AuthorizationIndex(views as unknown as Views);
        for (const { asks } of steps) for (const ask of asks) agree(later, ask);
      }),
      { numRuns: 150 },
    );
    // Every level has had its say, or this would prove little.
    for (const kind of ['GlobalRoleBinding', 'WorkspaceRoleBinding', 'RoleBinding', 'ClusterRoleBinding', 'nothing'])
      expect([kind, granted.get(kind) ?? 0]).toEqual([kind, expect.toSatisfy((count: number) => count > 50)]);
  });
});
