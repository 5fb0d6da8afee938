import type { KubeObject, ResourceType, Row, View, Views } from '@kit/kube';
import { LRUCache } from 'lru-cache';
import type { RoleObject } from '../contract/index.ts';
import { compileRole } from '../rules/compiled-role.ts';
import type { CompiledRole } from '../rules/compiled-role.ts';

/** Which role is meant. */
export interface RoleName {
  readonly roleKind: string;
  /** '' but for the role of a project. */
  readonly roleNamespace: string;
  readonly roleName: string;
}

const mostRules = 5000;

/**
 * The roles of all levels, compiled when they are first asked about: of the thousands that are stamped into projects few
 * ever are. Those with the same rules are one in memory.
 */
export class RoleTable {
  readonly #views: ReadonlyMap<string, View<RoleObject>>;
  readonly #byRow = new WeakMap<Row<KubeObject>, CompiledRole>();
  readonly #byRules = new LRUCache<string, CompiledRole>({ max: mostRules });

  constructor(views: Views, types: readonly ResourceType[]) {
    this.#views = new Map(types.map((type) => [type.kind, views.of<RoleObject>(type)]));
  }

  get({ roleKind, roleNamespace, roleName }: RoleName): CompiledRole | undefined {
    const row = this.#views.get(roleKind)?.get(roleNamespace, roleName);
    return row && (this.#byRow.get(row) ?? this.#compile(row));
  }

  #compile(row: Row<RoleObject>): CompiledRole {
    const { rules } = row.object();
    const text = JSON.stringify(rules ?? []);
    const compiled = this.#byRules.get(text) ?? compileRole(rules);
    this.#byRules.set(text, compiled);
    this.#byRow.set(row, compiled);
    return compiled;
  }
}
