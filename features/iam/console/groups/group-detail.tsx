import { Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, ConfirmDelete, Section, toast, useCan, useSearch } from '@kit/ui';
import { useText } from '../text.ts';
import { GroupMembers } from './group-members.tsx';
import { GroupRoles } from './group-roles.tsx';
import { groupLabel, groupPaths, groupTitle, useGroups, type GroupItem } from './groups-api.ts';
import { namesBelow, type TreeNode } from './tree.ts';
import classes from './groups.module.css';

interface GroupDetailProps {
  readonly workspace: string;
  readonly group: GroupItem;
  readonly tree: readonly TreeNode[];
}

/** One group: where it is, who is in it, and which roles they get. */
export function GroupDetail({ workspace, group, tree }: GroupDetailProps) {
  const t = useText();
  const { name } = group.metadata;
  const canUpdate = useCan({ verb: 'update', group: 'iam.kubesphere.io', resource: 'groups' });
  const canDelete = useCan({ verb: 'delete', group: 'iam.kubesphere.io', resource: 'groups' });
  const [isDeleting, deletion] = useDisclosure(false);
  const queries = useQueryClient();
  const [, setSearch] = useSearch();
  const path = groupPaths(workspace).groups;
  const below = namesBelow(tree, name);
  const title = groupTitle(group, workspace);
  return (
    <div className={classes.detail}>
      <Section
        title={title}
        actions={<ActionButton icon="trash" label={t('groups.delete')} verdict={canDelete} onClick={deletion.open} />}
      >
        <div className="fh-soft">{name}</div>
        {canUpdate.allowed && <ParentSelect workspace={workspace} group={group} below={below} />}
      </Section>
      <GroupMembers workspace={workspace} group={name} />
      <GroupRoles workspace={workspace} group={name} />
      <ConfirmDelete
        opened={isDeleting}
        onClose={deletion.close}
        title={t('groups.delete.title', { name: title })}
        goes={[
          t('groups.delete.goes'),
          ...(below.length > 0 ? [t('groups.delete.below', { count: below.length })] : []),
        ]}
        stays={[t('members.remove.stays')]}
        confirmLabel={t('groups.delete')}
        onConfirm={async () => {
          await api.delete(`${path}/${encodeURIComponent(name)}`);
          setSearch({ group: undefined });
          await queries.invalidateQueries({ queryKey: ['list', path] });
        }}
      />
    </div>
  );
}

/** Moves the group, with what is below it, under another one. */
function ParentSelect({ workspace, group, below }: { workspace: string; group: GroupItem; below: readonly string[] }) {
  const t = useText();
  const queries = useQueryClient();
  const path = groupPaths(workspace).groups;
  const { name, labels } = group.metadata;
  const groups = useGroups(workspace).data ?? [];
  const parent = labels?.[groupLabel.parent];
  const offered = groups.filter(({ metadata }) => metadata.name !== name && !below.includes(metadata.name));
  const move = async (next: string) => {
    try {
      const patch = { metadata: { labels: { [groupLabel.parent]: next || null } } };
      await api.patch(`${path}/${encodeURIComponent(name)}`, patch, { kind: 'merge' });
      toast.done(t('groups.moved'));
    } catch (error) {
      toast.failed(error);
    }
    await queries.invalidateQueries({ queryKey: ['list', path] });
  };
  return (
    <Select
      label={t('groups.parent')}
      maw={320}
      data={[
        { value: '', label: t('groups.parent.none') },
        ...offered.map((each) => ({ value: each.metadata.name, label: groupTitle(each, workspace) })),
      ]}
      value={offered.some(({ metadata }) => metadata.name === parent) ? (parent ?? '') : ''}
      onChange={(next) => void move(next ?? '')}
    />
  );
}
