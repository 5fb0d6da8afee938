import type { Attributes } from '../contract/index.ts';

/** Where bindings are looked up: `platform`, `cluster`, `workspace/dev` or `project/shop`. */
export type BindingPlace = 'platform' | 'cluster' | `workspace/${string}` | `project/${string}`;

/**
 * The places whose bindings count for a request, in the order they are asked; the first grant ends it. A namespace
 * counts for the workspace of its label, whatever the path says; without a label it counts for none.
 */
export function placesToLook(
  wanted: Attributes,
  workspaceOfNamespace: (namespace: string) => string | undefined,
): BindingPlace[] {
  if (!wanted.isResource) return ['platform', 'cluster'];
  switch (wanted.scope) {
    case 'global':
      return ['platform'];
    case 'cluster':
      return ['platform', 'cluster'];
    case 'workspace':
      return ['platform', `workspace/${wanted.workspace}`, 'cluster'];
    default: {
      const namespace = wanted.scope === 'devops' ? wanted.devops : wanted.namespace;
      const workspace = workspaceOfNamespace(namespace);
      return ['platform', ...(workspace ? [`workspace/${workspace}` as const] : []), `project/${namespace}`, 'cluster'];
    }
  }
}
