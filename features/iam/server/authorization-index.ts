import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import { kinds } from '@kit/kube';
import type { KubeObject, ResourceType, Row, View, Views } from '@kit/kube';
import { anonymousUser, iamTypes, labels } from '../contract/index.ts';
import type {
  Access,
  Attributes,
  AttributesQuery,
  BindingObject,
  Decision,
  PolicyRule,
  WorkspaceScope,
} from '../contract/index.ts';
import { attributesOf } from '../rules/attributes.ts';
import { allows, covers } from '../rules/compiled-role.ts';
import { isGuardedByAdmin, isUnlimitedPlace } from '../rules/guarded-by-admin.ts';
import { placesToLook } from '../rules/places-to-look.ts';
import type { BindingPlace } from '../rules/places-to-look.ts';
import { refusal, refusalReason } from '../rules/refusal.ts';
import { selfServiceRules } from '../rules/self-service.ts';
import { BindingIndex } from './binding-index.ts';
import type { Grant, Holdings, SubjectKey } from './binding-index.ts';
import { RoleTable } from './role-table.ts';

const roleTypes = [iamTypes.globalRoles, iamTypes.workspaceRoles, iamTypes.roles, iamTypes.clusterRoles];
const bindingTypes = [
  iamTypes.globalRoleBindings,
  iamTypes.workspaceRoleBindings,
  iamTypes.roleBindings,
  iamTypes.clusterRoleBindings,
];

const none: readonly Grant[] = [];

const watched = [...roleTypes, ...bindingTypes, kinds.namespaces];

/** Decides by an index of compiled roles and of bindings by place and subject, kept current by the views' events. */
export class AuthorizationIndex implements Access {
  readonly bindings = new BindingIndex();
  readonly #roles: RoleTable;
  readonly #namespaces: View;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: (() => void)[] = [];
  readonly #views: Views;

  constructor(views: Views) {
    this.#views = views;
    this.#namespaces = views.of(kinds.namespaces);
    this.#roles = new RoleTable(views, roleTypes);
    const note = (): void => this.#listeners.forEach((listener) => listener());
    for (const type of bindingTypes) {
      this.#follow<BindingObject>(views, type, {
        put: (row) => this.bindings.put(type.kind, row),
        remove: (row) => this.bindings.remove(type.kind, row),
      });
    }
    this.#unsubscribe.push(
      ...[...roleTypes, ...bindingTypes, kinds.namespaces].map((type) => views.of(type).subscribe(note)),
    );
  }

  /** Resolves when every role and binding of the cluster has been read; until then less is allowed, never more. */
  async ready(): Promise<void> {
    await Promise.all(watched.map((type) => this.#views.of(type).ready()));
  }

  get synced(): boolean {
    return watched.every((type) => this.#views.of(type).synced);
  }

  /** Follows no more; for tests that build many. */
  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  decide(user: User, query: AttributesQuery): Decision {
    return this.decideFor(user, attributesOf(query));
  }

  check(user: User, query: AttributesQuery): void {
    this.checkFor(user, attributesOf(query));
  }

  /** The decision on attributes read off a request. */
  decideFor(user: User, wanted: Attributes): Decision {
    const holdings = subjectsOf(user).flatMap((subject) => this.bindings.holdings(subject) ?? []);
    for (const place of placesToLook(wanted, (namespace) => this.workspaceOf(namespace))) {
      const granted = this.#grantedIn(place, holdings, wanted);
      if (granted) return granted;
    }
    if (user.name !== anonymousUser) {
      const rule = selfServiceRules.find((one) => one.allows(user.name, wanted));
      if (rule) return { allowed: true, reason: rule.why };
    }
    return { allowed: false, reason: refusalReason(user.name, wanted) };
  }

  checkFor(user: User, wanted: Attributes): void {
    const decision = this.decideFor(user, wanted);
    if (!decision.allowed) throw refusal(wanted, decision);
  }

  enter(user: User, workspace: string, query?: AttributesQuery): WorkspaceScope {
    if (query) this.check(user, { workspace, ...query });
    else if (!this.workspacesOf(user).includes(workspace)) {
      this.check(user, {
        verb: 'get',
        group: 'tenant.kubesphere.io',
        resource: 'workspaces',
        name: workspace,
        workspace,
      });
    }
    return { workspace, user: user.name } as WorkspaceScope; // the only place that makes the proof, after the check
  }

  workspacesOf(user: User): readonly string[] {
    const names = this.#placesOf(user).map((place) =>
      place.startsWith('workspace/')
        ? place.slice('workspace/'.length)
        : this.workspaceOf(place.slice('project/'.length)),
    );
    return [...new Set(names.filter((name) => name !== undefined))];
  }

  namespacesOf(user: User): readonly string[] {
    return this.#placesOf(user).flatMap((place) =>
      place.startsWith('project/') ? [place.slice('project/'.length)] : [],
    );
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The workspace that a namespace is labelled with. */
  workspaceOf(namespace: string): string | undefined {
    return this.#namespaces.get('', namespace)?.labels[labels.workspace] || undefined;
  }

  /** Whether the user already has all that the rules would give in this place: nobody can give what they do not have. */
  checkMayGive(
    user: User,
    where: Attributes,
    role: { readonly name: string; readonly rules?: PolicyRule[] | null },
  ): void {
    const places = placesToLook(where, (namespace) => this.workspaceOf(namespace));
    const held = places
      .flatMap((place) => this.#grantsOf(place, user))
      .flatMap((grant) => this.#roles.get(grant) ?? []);
    if (covers(held, role.rules)) return;
    throw new ApiError(
      'Forbidden',
      `role "${role.name}" allows more than you may do there yourself, so you cannot give it`,
      {
        details: { name: role.name, kind: 'roles' },
      },
    );
  }

  #grantedIn(place: BindingPlace, holdings: readonly Holdings[], wanted: Attributes): Decision | undefined {
    const isGuarded = isGuardedByAdmin(wanted);
    if (isGuarded && !isUnlimitedPlace(place)) return undefined;
    for (const holding of holdings) {
      for (const grant of holding.get(place) ?? none) {
        const role = this.#roles.get(grant);
        if (!role || !allows(role, wanted) || (isGuarded && !role.isUnrestricted)) continue;
        return {
          allowed: true,
          reason: `${grant.binding} gives role ${grant.roleName}`,
          binding: grant.binding,
          role: grant.roleName,
        };
      }
    }
    return undefined;
  }

  #grantsOf(place: BindingPlace, user: User): readonly Grant[] {
    return subjectsOf(user).flatMap((subject) => this.bindings.grants(place, subject));
  }

  #placesOf(user: User): BindingPlace[] {
    const places = subjectsOf(user).flatMap((subject) => [...this.bindings.placesOf(subject)]);
    return places.filter((place) => place !== 'platform' && place !== 'cluster');
  }

  #follow<T extends KubeObject>(
    views: Views,
    type: ResourceType,
    change: { readonly put: (row: Row<T>) => void; readonly remove: (row: Row<T>) => void },
  ): void {
    const view = views.of<T>(type);
    this.#unsubscribe.push(
      view.subscribe((event) => (event.type === 'deleted' ? change.remove(event.row) : change.put(event.row))),
    );
    for (const row of view.rows()) change.put(row);
  }
}

function subjectsOf(user: User): SubjectKey[] {
  const subjects: SubjectKey[] = [`User:${user.name}`];
  for (const group of user.groups) subjects.push(`Group:${group}`);
  return subjects;
}
