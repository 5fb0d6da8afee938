// Prints, as JSON, what decisions cost among many users, roles and bindings. Run by `npm run bench -- iam`, with --expose-gc.
import type { User } from '@kit/http';
import type { KubeObject, Views } from '@kit/kube';
import { iamSeeds, labels } from '../contract/index.ts';
import type { PolicyRule, RoleBaseObject, Subject } from '../contract/index.ts';
import { requestInfo } from '../rules/request-info.ts';
import { AuthorizationIndex } from '../server/authorization-index.ts';
import { HandViews, bindingOf, namespaceOf, roleOf } from '../test/hand-views.ts';

const users = 10_000;
const namespaces = 10_000;
const workspaces = 1000;
const bindings = 50_000;
const decisions = 200_000;

/** The same numbers at each run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = random(42);
const namespaceName = (n: number): string => `project-${n}`;
const workspaceName = (n: number): string => `workspace-${n % workspaces}`;
const userName = (n: number): string => `user-${n}`;

/** The built-in roles of a project or a workspace, as they are stamped into each. */
function stamped(kind: 'Role' | 'WorkspaceRole'): { name: string; rules: PolicyRule[] }[] {
  const bases = iamSeeds.filter((one) => one.kind === 'RoleBase') as unknown as RoleBaseObject[];
  const isMeant = ({ role, metadata }: RoleBaseObject): boolean =>
    role.kind === kind && (kind === 'WorkspaceRole' || labels.scopeNamespace in (metadata.labels ?? {}));
  return bases.filter(isMeant).map(({ role }) => ({ name: role.metadata.name, rules: role.rules ?? [] }));
}

function heapBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}

function subject(): { kind: string; name: string } {
  return pick(10) === 0 ? { kind: 'Group', name: `group-${pick(500)}` } : { kind: 'User', name: userName(pick(users)) };
}

/** What the index takes beside the objects themselves, which are the views'. */
function fill(views: HandViews): { index: AuthorizationIndex; bytes: number; roles: number } {
  const [ofProjects, ofWorkspaces] = [stamped('Role'), stamped('WorkspaceRole')];
  for (const seed of iamSeeds.filter(({ kind }) => kind === 'GlobalRole')) views.put(seed);
  for (let n = 0; n < workspaces; n += 1) {
    const workspace = workspaceName(n);
    for (const { name, rules } of ofWorkspaces)
      views.put(roleOf('WorkspaceRole', `${workspace}-${name}`, { workspace, rules }));
  }
  for (let n = 0; n < namespaces; n += 1) {
    const namespace = namespaceName(n);
    views.put(namespaceOf(namespace, workspaceName(n)));
    for (const { name, rules } of ofProjects) views.put(roleOf('Role', name, { namespace, rules }));
  }
  const before = heapBytes();
  const index = new AuthorizationIndex(views as unknown as Views);
  bindToPlatform(views);
  bind(views, ofProjects, ofWorkspaces);
  const roles = workspaces * ofWorkspaces.length + namespaces * ofProjects.length;
  return { index, bytes: heapBytes() - before, roles };
}

/** Who is bound where: half of the questions are asked by somebody about a place where they have a role. */
const bound: { readonly user: string; readonly place: number }[] = [];
const bindingKinds = ['RoleBinding', 'WorkspaceRoleBinding', 'GlobalRoleBinding'];

function bindToPlatform(views: HandViews): void {
  const role = { kind: 'GlobalRole', name: 'platform-regular' };
  for (let n = 0; n < users; n += 1) {
    const subjects = [{ kind: 'User', name: userName(n) }];
    views.put(bindingOf('GlobalRoleBinding', userName(n), { role, subjects }));
  }
}

/** Four in five in projects, the rest in workspaces. */
function bind(
  views: HandViews,
  ofProjects: readonly { name: string }[],
  ofWorkspaces: readonly { name: string }[],
): void {
  for (let n = 0; n < bindings - users; n += 1) {
    const one = subject();
    const place = pick(namespaces);
    if (one.kind === 'User') bound.push({ user: one.name, place });
    const kind = n % 5 === 0 ? 'WorkspaceRole' : 'Role';
    const names = kind === 'Role' ? ofProjects : ofWorkspaces;
    const { name = '' } = names[pick(names.length)] ?? {};
    views.put(someBinding(`b-${n}`, { place, subjects: [one], role: { kind, name } }));
    if (n % 500 === 0) for (const kind of bindingKinds) views.forgetRows(kind);
  }
  for (const kind of bindingKinds) views.forgetRows(kind);
}

interface Binding {
  readonly place: number;
  readonly subjects: Subject[];
  readonly role: { readonly kind: 'Role' | 'WorkspaceRole'; readonly name: string };
}

function someBinding(name: string, { place, subjects, role }: Binding): KubeObject {
  if (role.kind === 'Role') return bindingOf('RoleBinding', name, { namespace: namespaceName(place), role, subjects });
  const workspace = workspaceName(place);
  const named = { ...role, name: `${workspace}-${role.name}` };
  return bindingOf('WorkspaceRoleBinding', name, { workspace, role: named, subjects });
}

const asked: readonly ((place: string, workspace: string) => readonly [method: string, target: string])[] = [
  (place) => ['GET', `/api/v1/namespaces/${place}/pods/web-0/log`],
  (place) => ['GET', `/apis/apps/v1/namespaces/${place}/deployments`],
  (place) => ['DELETE', `/apis/apps/v1/namespaces/${place}/deployments/web`],
  (place) => ['GET', `/kapis/resources.kubesphere.io/v1alpha3/namespaces/${place}/pods?limit=10`],
  (_place, workspace) => ['GET', `/kapis/tenant.kubesphere.io/v1alpha2/workspaces/${workspace}/namespaces`],
  () => ['GET', '/kapis/iam.kubesphere.io/v1alpha2/users'],
];

function somebody(): { readonly user: User; readonly place: number } {
  const known = pick(2) === 0 ? bound[pick(bound.length)] : undefined;
  const { user, place } = known ?? { user: userName(pick(users)), place: pick(namespaces) };
  const groups = ['system:authenticated', `group-${pick(500)}`, `group-${pick(500)}`];
  return { user: { name: user, groups }, place };
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Microseconds of each decision, read off the request included. */
function measure(index: AuthorizationIndex): { perSecond: number; p50Us: number; p99Us: number; allowedShare: number } {
  const times = new Float64Array(decisions);
  let allowed = 0;
  let spentUs = 0;
  for (let n = -20_000; n < decisions; n += 1) {
    const { user, place } = somebody();
    const make = asked[pick(asked.length)] ?? asked[0];
    const [method = '', target = ''] = make?.(namespaceName(place), workspaceName(place)) ?? [];
    const startNs = process.hrtime.bigint();
    const decision = index.decideFor(user, requestInfo(method, target));
    const tookUs = Number(process.hrtime.bigint() - startNs) / 1000;
    if (n < 0) continue; // warming up
    times[n] = tookUs;
    spentUs += tookUs;
    if (decision.allowed) allowed += 1;
  }
  times.sort();
  const [p50Us, p99Us] = [percentile(times, 0.5), percentile(times, 0.99)];
  return { perSecond: Math.round((decisions / spentUs) * 1e6), p50Us, p99Us, allowedShare: allowed / decisions };
}

const { index, bytes, roles } = fill(new HandViews());
process.stdout.write(`${JSON.stringify({ ...measure(index), bytes, users, bindings, namespaces, roles })}\n`);
