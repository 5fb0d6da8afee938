import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type ListPage } from '@kit/ui';
import type { RoleItem } from './api.ts';
import { useText } from './text.ts';
import { isForPeople, useRoleName, useRoleText } from './use-role-name.ts';

interface RoleSelectProps extends SelectProps {
  readonly label: string;
  /** Where the roles are listed. */
  readonly path: string;
  readonly shortRole?: (role: string) => string;
}

/** A choice among the roles of a place, each with what it is for. */
export function RoleSelect({ path, shortRole = (role) => role, ...select }: RoleSelectProps) {
  const t = useText();
  const roleName = useRoleName();
  const roleText = useRoleText();
  const roles = useQuery({
    queryKey: ['roles', path],
    queryFn: ({ signal }) => api.get<ListPage<RoleItem>>(path, { signal }),
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
          <div className="fh-soft">{roleText(shortRole(option.value))}</div>
        </div>
      )}
      disabled={roles.isPending}
      {...select}
      error={select.error ?? failure}
    />
  );
}
