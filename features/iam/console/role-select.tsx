import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type ListPage, type QueryValue } from '@kit/ui';
import { annotation, type RoleItem } from './api.ts';
import { useText } from './text.ts';
import { isForPeople, useRoleName, useRoleText } from './use-role-name.ts';

interface RoleSelectProps extends SelectProps {
  readonly label: string;
  /** Where the roles are listed. */
  readonly path: string;
  /** Leaves some of the roles out. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly shortRole?: (role: string) => string;
}

function described(roles: readonly RoleItem[], name: string): string | undefined {
  return roles.find(({ metadata }) => metadata.name === name)?.metadata.annotations?.[annotation.description];
}

/** A choice among the roles of a place, each with what it is for. */
export function RoleSelect({ path, query, shortRole = (role) => role, ...select }: RoleSelectProps) {
  const t = useText();
  const roleName = useRoleName();
  const roleText = useRoleText();
  const roles = useQuery({
    queryKey: ['roles', path, query],
    queryFn: ({ signal }) => api.get<ListPage<RoleItem>>(path, { query, signal }),
  });
  const offered = (roles.data?.items ?? []).filter(isForPeople);
  const failure = roles.error ? t('role.unknown', { reason: roles.error.message }) : undefined;
  return (
    <Select
      data={offered.map((role) => ({
        value: role.metadata.name,
        label: roleName(shortRole(role.metadata.name), role),
      }))}
      renderOption={({ option }) => (
        <div>
          <div>{option.label}</div>
          <div className="fh-soft">{roleText(shortRole(option.value)) ?? described(offered, option.value)}</div>
        </div>
      )}
      disabled={roles.isPending}
      {...select}
      error={select.error ?? failure}
    />
  );
}
