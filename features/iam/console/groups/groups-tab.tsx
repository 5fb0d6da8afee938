import { EmptyState, Loaded, useSearch } from '@kit/ui';
import { useText } from '../text.ts';
import { GroupDetail } from './group-detail.tsx';
import { groupTitle, useGroups, type GroupItem } from './groups-api.ts';
import { treeOf, type TreeNode } from './tree.ts';
import classes from './groups.module.css';

/** The groups of a workspace as a tree, and beside it the one that is chosen. */
export function GroupsTab({ workspace }: { workspace: string }) {
  const t = useText();
  const query = useGroups(workspace);
  return (
    <Loaded query={query} rows={6}>
      {(groups) =>
        groups.length === 0 ? (
          <EmptyState title={t('groups.empty')} text={t('groups.empty.text')} />
        ) : (
          <TreeAndDetail workspace={workspace} groups={groups} />
        )
      }
    </Loaded>
  );
}

function TreeAndDetail({ workspace, groups }: { workspace: string; groups: readonly GroupItem[] }) {
  const t = useText();
  const [search, setSearch] = useSearch();
  const tree = treeOf(groups);
  const chosen = groups.find(({ metadata }) => metadata.name === search['group']) ?? tree[0]?.group;
  return (
    <div className={classes.panes}>
      <nav className={classes.tree} aria-label={t('groups.title')}>
        <Nodes
          nodes={tree}
          workspace={workspace}
          chosen={chosen?.metadata.name}
          onChoose={(group) => setSearch({ group })}
        />
      </nav>
      {chosen && <GroupDetail key={chosen.metadata.name} workspace={workspace} group={chosen} tree={tree} />}
    </div>
  );
}

interface NodesProps {
  readonly nodes: readonly TreeNode[];
  readonly workspace: string;
  readonly chosen: string | undefined;
  readonly onChoose: (name: string) => void;
}

function Nodes({ nodes, ...rest }: NodesProps) {
  const { workspace, chosen, onChoose } = rest;
  return (
    <ul className={classes.nodes}>
      {nodes.map(({ group, below }) => (
        <li key={group.metadata.name}>
          <button
            type="button"
            className={classes.node}
            aria-current={group.metadata.name === chosen || undefined}
            onClick={() => onChoose(group.metadata.name)}
          >
            {groupTitle(group, workspace)}
          </button>
          {below.length > 0 && <Nodes nodes={below} {...rest} />}
        </li>
      ))}
    </ul>
  );
}
