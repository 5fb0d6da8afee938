import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, toast, useCan } from '@kit/ui';
import type { UserItem } from '../api.ts';
import { RoleSelect } from '../role-select.tsx';
import { useText } from '../text.ts';
import { useRoleName } from '../use-role-name.ts';
import type { MembersOf } from './members-of.ts';

/** The role of a member; whoever may change it chooses another one here. */
export function MemberRole({ of, member }: { of: MembersOf; member: UserItem }) {
  const t = useText();
  const queries = useQueryClient();
  const roleName = useRoleName();
  const { name } = member.metadata;
  const role = of.roleOf(member);
  const { allowed } = useCan({ verb: 'update', group: 'iam.kubesphere.io', resource: of.resource });
  const change = useMutation({
    mutationFn: (roleRef: string) => api.put(`${of.members}/${encodeURIComponent(name)}`, { username: name, roleRef }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['list', of.members] });
      toast.done(t('members.changed', { name }));
    },
    onError: (error) => toast.failed(error),
  });
  if (!allowed) return roleName(of.shortRole(role));
  return (
    <RoleSelect
      label=""
      aria-label={t('members.roleOf', { name })}
      size="xs"
      path={of.roles}
      query={of.roleQuery}
      shortRole={of.shortRole}
      value={change.isPending ? change.variables : role}
      disabled={change.isPending}
      comboboxProps={{ width: 260, position: 'bottom-end' }}
      onChange={(next) => next && next !== role && change.mutate(next)}
    />
  );
}
