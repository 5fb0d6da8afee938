import { groupLabel, type GroupItem } from './groups-api.ts';

export interface TreeNode {
  readonly group: GroupItem;
  readonly below: readonly TreeNode[];
}

function parentOf({ metadata }: GroupItem): string | undefined {
  const parent = metadata.labels?.[groupLabel.parent];
  return parent === '' || parent === 'root' ? undefined : parent;
}

/** The groups as a tree; one whose parent is not there, or that is below itself, stands at the top. */
export function treeOf(groups: readonly GroupItem[]): readonly TreeNode[] {
  const names = new Set(groups.map(({ metadata }) => metadata.name));
  const placed = new Set<string>();
  const node = (group: GroupItem): TreeNode => {
    placed.add(group.metadata.name);
    const below = groups.filter((each) => parentOf(each) === group.metadata.name && !placed.has(each.metadata.name));
    return { group, below: below.map(node) };
  };
  const isTop = (group: GroupItem) => !names.has(parentOf(group) ?? '');
  const tops = groups.filter(isTop).map(node);
  const circling = groups.flatMap((group) => (placed.has(group.metadata.name) ? [] : [node(group)]));
  return [...tops, ...circling];
}

/** A group and everything below it. */
export function namesBelow(nodes: readonly TreeNode[], name: string): readonly string[] {
  for (const { group, below } of nodes) {
    const found = group.metadata.name === name ? allNames(below) : namesBelow(below, name);
    if (found.length > 0 || group.metadata.name === name) return found;
  }
  return [];
}

function allNames(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap(({ group, below }) => [group.metadata.name, ...allNames(below)]);
}
