import { createHash } from 'node:crypto';
import { labels, type Access } from '@feature/iam/contract';
import type { User } from '@kit/http';
import { kinds, type NamespaceSet, type View, type Views } from '@kit/kube';

/** A right to list, in the words of the lists' own permission, and of the kind's own group where that is asked too. */
export interface ListRight {
  readonly plural: string;
  readonly group: string;
  readonly guarded: boolean;
}

/** Where a user may list a kind: everywhere, or in these namespaces. */
export type Visible = 'everywhere' | NamespaceSet;

const maxKept = 2000;
const resources = 'resources.kubesphere.io';

/**
 * Where users may list what. Found from the bindings of the user and the projects of their workspaces, not by going
 * through all namespaces, and kept until any right or namespace changes.
 */
export class VisiblePlaces {
  readonly #access: Access;
  readonly #namespaces: View;
  readonly #projects = new Map<string, Set<string>>();
  readonly #kept = new Map<string, Visible>();

  constructor({ access, views }: { readonly access: Access; readonly views: Views }) {
    this.#access = access;
    this.#namespaces = views.of(kinds.namespaces);
    access.onChange(() => this.#kept.clear());
    for (const row of this.#namespaces.rows()) this.#add(row.labels[labels.workspace], row.name);
    this.#namespaces.subscribe(({ type, row, previous }) => {
      if (previous) this.#projects.get(previous.labels[labels.workspace] ?? '')?.delete(previous.name);
      if (type !== 'deleted') this.#add(row.labels[labels.workspace], row.name);
      this.#kept.clear();
    });
  }

  /** The projects of a workspace. */
  projectsOf(workspace: string): ReadonlySet<string> {
    return this.#projects.get(workspace) ?? new Set();
  }

  /** Where the user may list the kind; of one workspace, if it is said. */
  of(user: User, right: ListRight, workspace?: string): Visible {
    const key = JSON.stringify([
      user.name,
      user.groups,
      user.extra,
      right.plural,
      right.group,
      right.guarded,
      workspace,
    ]);
    const known = this.#kept.get(key);
    if (known) return known;
    const found = this.#find(user, right, workspace);
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(key, found);
    return found;
  }

  /** Whether the user may list the kind in a namespace, or, without one, in the whole cluster. */
  mayList(user: User, { plural, group, guarded }: ListRight, namespace?: string): boolean {
    const at = namespace === undefined ? {} : { namespace };
    const may = (owner: string): boolean =>
      this.#access.decide(user, { verb: 'list', group: owner, resource: plural, ...at }).allowed;
    return may(resources) && (!guarded || may(group));
  }

  #find(user: User, right: ListRight, workspace: string | undefined): Visible {
    if (this.mayList(user, right)) return workspace === undefined ? 'everywhere' : setOf(this.projectsOf(workspace));
    const candidates = new Set<string>();
    const wanted = workspace === undefined ? this.#access.workspacesOf(user) : [workspace];
    for (const name of wanted) for (const project of this.projectsOf(name)) candidates.add(project);
    if (workspace === undefined) for (const namespace of this.#access.namespacesOf(user)) candidates.add(namespace);
    return setOf([...candidates].filter((namespace) => this.mayList(user, right, namespace)));
  }

  #add(workspace: string | undefined, namespace: string): void {
    if (!workspace) return;
    const projects = this.#projects.get(workspace);
    if (projects) projects.add(namespace);
    else this.#projects.set(workspace, new Set([namespace]));
  }
}

/** Two users who see the same namespaces share what is kept of their lists. */
function setOf(list: Iterable<string>): NamespaceSet {
  const names = [...list].sort();
  return { key: createHash('sha1').update(names.join()).digest('base64url'), names: new Set(names) };
}
