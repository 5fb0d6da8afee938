import type { User } from '@kit/http';

/** Where a request acts, which decides whose bindings count (platform roles always do). */
export type AccessScope = 'global' | 'cluster' | 'workspace' | 'namespace' | 'devops';

/** What a request wants to do, in the words that roles are written in. Absent parts are ''. */
export interface Attributes {
  /** get, list, watch, create, update, patch, delete, deletecollection; for a plain path the method in lower case. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespace: string;
  readonly workspace: string;
  readonly devops: string;
  readonly cluster: string;
  readonly scope: AccessScope;
  /** False for plain paths such as `/api` and `/healthz`. */
  readonly isResource: boolean;
  /** True below `/api` and `/apis`: the request goes to Kubernetes itself. */
  readonly isKubernetes: boolean;
  readonly path: string;
}

/** The answer to "may they", and why: which binding granted it, or what is missing. */
export interface Decision {
  readonly allowed: boolean;
  /** One sentence for people. */
  readonly reason: string;
  /** The binding and role that granted it, e.g. `WorkspaceRoleBinding mark-dev-viewer`. */
  readonly binding?: string;
  readonly role?: string;
}

/** Attributes as a caller writes them: what is left out is empty, and the scope follows from the rest. */
export type AttributesQuery = Partial<Omit<Attributes, 'isResource' | 'isKubernetes' | 'path'>> & {
  readonly verb: string;
};

declare const entered: unique symbol;

/** Proof that this user may act in this workspace. Only `Access.enter` makes one. */
export interface WorkspaceScope {
  readonly workspace: string;
  readonly user: string;
  readonly [entered]: true;
}

/** Decides what users may do, from an index that follows the roles and bindings of the cluster. */
export interface Access {
  decide(user: User, query: AttributesQuery): Decision;
  /** The same as `decide`, but a refusal is thrown as `Forbidden`. */
  check(user: User, query: AttributesQuery): void;
  /** Proof that the user may do this in the workspace; `Forbidden` otherwise. The verb defaults to `get` of the workspace. */
  enter(user: User, workspace: string, query?: AttributesQuery): WorkspaceScope;
  /** The workspaces in which the user or one of their groups has a binding; nothing is scanned. */
  workspacesOf(user: User): readonly string[];
  /** The namespaces in which the user or one of their groups has a binding; nothing is scanned. */
  namespacesOf(user: User): readonly string[];
  /** Calls `listener` after any change that may alter a decision. */
  onChange(listener: () => void): () => void;
}
