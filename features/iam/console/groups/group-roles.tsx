import { useState } from 'react';
import { Button, Group, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, FormError, Loaded, Section, toast, useCan, type ListPage } from '@kit/ui';
import { iamApi } from '../api.ts';
import { RoleSelect } from '../role-select.tsx';
import { useText } from '../text.ts';
import { useRoleName } from '../use-role-name.ts';
import { groupPaths, projectBindings, type RoleBindingItem } from './groups-api.ts';
import classes from './groups.module.css';

const noTemplates = { labelSelector: '!iam.kubesphere.io/role-template' };

/** The roles that a group gives, in the workspace and in its projects. */
export function GroupRoles({ workspace, group }: { workspace: string; group: string }) {
  const t = useText();
  const paths = groupPaths(workspace);
  const key = ['list', paths.workspaceBindings, group];
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const read = async (path: string) =>
        (await api.get<ListPage<RoleBindingItem>>(path, { query: { group }, signal })).items;
      return [...(await read(paths.workspaceBindings)), ...(await read(paths.projectBindings))];
    },
  });
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: key });
  const canGive = useCan({ verb: 'create', group: 'iam.kubesphere.io', resource: 'workspacerolebindings' });
  return (
    <Section title={t('groups.roles')}>
      <Loaded query={query} rows={2}>
        {(bindings) =>
          bindings.length === 0 ? (
            <div className="fh-soft">{t('groups.roles.empty')}</div>
          ) : (
            <ul className={classes.lines} aria-label={t('groups.roles')}>
              {bindings.map((binding) => (
                <GivenRole
                  key={`${binding.metadata.namespace ?? ''}/${binding.metadata.name}`}
                  workspace={workspace}
                  binding={binding}
                  onTaken={refresh}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {canGive.allowed && <GiveRole workspace={workspace} group={group} onGiven={refresh} />}
    </Section>
  );
}

interface GivenRoleProps {
  readonly workspace: string;
  readonly binding: RoleBindingItem;
  readonly onTaken: () => void;
}

function GivenRole({ workspace, binding, onTaken }: GivenRoleProps) {
  const t = useText();
  const roleName = useRoleName();
  const { name, namespace } = binding.metadata;
  const role = binding.roleRef.name;
  const path = namespace ? projectBindings(namespace) : groupPaths(workspace).workspaceBindings;
  const verdict = useCan({
    verb: 'delete',
    group: 'iam.kubesphere.io',
    resource: namespace ? 'rolebindings' : 'workspacerolebindings',
    namespace,
  });
  const take = async () => {
    try {
      await api.delete(`${path}/${encodeURIComponent(name)}`);
      toast.done(t('groups.roleTaken'));
    } catch (error) {
      toast.failed(error);
    }
    onTaken();
  };
  const short = namespace || !role.startsWith(`${workspace}-`) ? role : role.slice(workspace.length + 1);
  return (
    <li className={classes.line}>
      <span className={classes.lineName}>
        {t(namespace ? 'groups.roleInProject' : 'groups.roleInWorkspace', {
          role: roleName(short),
          place: namespace ?? workspace,
        })}
      </span>
      <ActionButton
        variant="quiet"
        icon="x"
        label={t('groups.takeRole')}
        verdict={verdict}
        onClick={() => void take()}
      />
    </li>
  );
}

function useProjectNames(workspace: string): string[] {
  const path = `/kapis/tenant.kubesphere.io/v1alpha2/workspaces/${encodeURIComponent(workspace)}/namespaces`;
  const { data } = useQuery({
    queryKey: ['list', path, 'names'],
    queryFn: ({ signal }) =>
      api.get<ListPage<{ metadata: { name: string } }>>(path, { query: { sortBy: 'name', ascending: true }, signal }),
  });
  return data?.items.map(({ metadata }) => metadata.name) ?? [];
}

function GiveRole({ workspace, group, onGiven }: { workspace: string; group: string; onGiven: () => void }) {
  const t = useText();
  const [project, setProject] = useState('');
  const [role, setRole] = useState<string | null>(null);
  const projects = useProjectNames(workspace);
  const paths = groupPaths(workspace);
  const give = useMutation({
    mutationFn: (name: string) => {
      const body = [{ roleRef: { name }, subjects: [{ kind: 'Group', name: group }] }];
      return api.post(project === '' ? paths.workspaceBindings : projectBindings(project), body);
    },
    onSuccess: () => {
      setRole(null);
      onGiven();
    },
  });
  const roles = project === '' ? paths.workspaceRoles : `${iamApi}/namespaces/${encodeURIComponent(project)}/roles`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (role) give.mutate(role);
      }}
    >
      {give.error && <FormError error={give.error} />}
      <Group align="flex-end">
        <Select
          label={t('groups.where')}
          data={[
            { value: '', label: t('groups.here') },
            ...projects.map((name) => ({ value: name, label: t('groups.project', { name }) })),
          ]}
          value={project}
          onChange={(next) => {
            setProject(next ?? '');
            setRole(null);
          }}
        />
        <RoleSelect
          key={project}
          label={t('members.role')}
          path={roles}
          query={noTemplates}
          shortRole={(name) =>
            project === '' && name.startsWith(`${workspace}-`) ? name.slice(workspace.length + 1) : name
          }
          value={role}
          onChange={setRole}
        />
        <Button type="submit" size="sm" loading={give.isPending} disabled={!role}>
          {t('groups.giveRole')}
        </Button>
      </Group>
    </form>
  );
}
