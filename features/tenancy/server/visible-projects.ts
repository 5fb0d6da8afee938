import { labels, type Access } from '@feature/iam/contract';
import type { User } from '@kit/http';
import type { Row } from '@kit/kube';
import type { ProjectIndex } from './project-index.ts';

interface Parts {
  readonly access: Access;
  readonly projects: ProjectIndex;
}

const list = { verb: 'list', group: '', resource: 'namespaces' } as const;

/** The projects of one workspace that a user may see: all if a role says so, else those they have a role in. */
export function visibleIn(parts: Parts, user: User, workspace: string): Iterable<Row> {
  if (parts.access.decide(user, { ...list, workspace }).allowed) return parts.projects.of(workspace);
  const own = parts.projects.named(parts.access.namespacesOf(user));
  return [...own].filter((row) => row.labels[labels.workspace] === workspace);
}

/** The namespaces of the cluster that a user may see, whatever their workspace. */
export function visibleAnywhere(parts: Parts, user: User): Iterable<Row> {
  const { access, projects } = parts;
  if (access.decide(user, list).allowed) return projects.all();
  const rows = new Map<string, Row>();
  for (const row of projects.named(access.namespacesOf(user))) rows.set(row.name, row);
  for (const workspace of access.workspacesOf(user)) {
    if (!access.decide(user, { ...list, workspace }).allowed) continue;
    for (const row of projects.of(workspace)) rows.set(row.name, row);
  }
  return rows.values();
}
