import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, FormError, Loaded, Section, toast, useCan, type ListPage } from '@kit/ui';
import { useText } from '../text.ts';
import { UserField } from '../user-field.tsx';
import { groupLabel, groupPaths, type GroupBindingItem } from './groups-api.ts';
import classes from './groups.module.css';

/** Who is in a group. */
export function GroupMembers({ workspace, group }: { workspace: string; group: string }) {
  const t = useText();
  const path = groupPaths(workspace).members;
  const key = ['list', path, group];
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const asked = { labelSelector: `${groupLabel.group}=${group}`, sortBy: 'name', ascending: true };
      return (await api.get<ListPage<GroupBindingItem>>(path, { query: asked, signal })).items;
    },
  });
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: key });
  const canAdd = useCan({ verb: 'create', group: 'iam.kubesphere.io', resource: 'groupbindings' });
  return (
    <Section title={t('groups.members')}>
      <Loaded query={query} rows={2}>
        {(bindings) =>
          bindings.length === 0 ? (
            <div className="fh-soft">{t('groups.members.empty')}</div>
          ) : (
            <ul className={classes.lines} aria-label={t('groups.members')}>
              {bindings.map((binding) => (
                <Member key={binding.metadata.name} path={path} binding={binding} onRemoved={() => void refresh()} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {canAdd.allowed && <AddToGroup path={path} group={group} onAdded={() => void refresh()} />}
    </Section>
  );
}

interface MemberProps {
  readonly path: string;
  readonly binding: GroupBindingItem;
  readonly onRemoved: () => void;
}

function Member({ path, binding, onRemoved }: MemberProps) {
  const t = useText();
  const verdict = useCan({ verb: 'delete', group: 'iam.kubesphere.io', resource: 'groupbindings' });
  const name = (binding.users ?? []).join(', ');
  const remove = async () => {
    try {
      await api.delete(`${path}/${encodeURIComponent(binding.metadata.name)}`);
      toast.done(t('groups.removed', { name }));
    } catch (error) {
      toast.failed(error);
    }
    onRemoved();
  };
  return (
    <li className={classes.line}>
      <span className={classes.lineName}>{name}</span>
      <ActionButton
        variant="quiet"
        icon="x"
        label={t('groups.remove', { name })}
        verdict={verdict}
        onClick={() => void remove()}
      />
    </li>
  );
}

function AddToGroup({ path, group, onAdded }: { path: string; group: string; onAdded: () => void }) {
  const t = useText();
  const [userName, setUserName] = useState('');
  const add = useMutation({
    mutationFn: () => api.post(path, [{ userName, groupName: group }]),
    onSuccess: () => {
      setUserName('');
      onAdded();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (userName !== '') add.mutate();
      }}
    >
      {add.error && <FormError error={add.error} />}
      <Group align="flex-end">
        <UserField value={userName} onChange={setUserName} />
        <Button type="submit" size="sm" loading={add.isPending} disabled={userName === ''}>
          {t('groups.add')}
        </Button>
      </Group>
    </form>
  );
}
