import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  ConfirmDelete,
  Facts,
  Link,
  Loaded,
  Page,
  Section,
  Time,
  useCan,
  useGo,
  usePageParam,
} from '@kit/ui';
import { annotation, type RoleItem } from '../api.ts';
import { useText } from '../text.ts';
import { useRoleName } from '../use-role-name.ts';
import { isBuiltIn } from './is-built-in.ts';
import { RoleForm } from './role-form.tsx';
import { clusterRoles, useRolesOf, type RolesOf } from './roles-of.ts';
import { TemplateList } from './template-list.tsx';
import { templatesIn } from './templates.ts';
import { useTemplates } from './use-templates.ts';

/** One role of the platform, a workspace or a project. */
export default function RolePage() {
  return <OneRole of={useRolesOf()} />;
}

/** One role of the cluster. */
export function ClusterRolePage() {
  return <OneRole of={clusterRoles} />;
}

function OneRole({ of }: { of: RolesOf }) {
  const t = useText();
  const roleName = useRoleName();
  const name = usePageParam('name');
  const query = useQuery({
    queryKey: ['object', of.path, name],
    queryFn: ({ signal }) => api.get<RoleItem>(`${of.path}/${encodeURIComponent(name)}`, { signal }),
  });
  const canUpdate = useCan({ verb: 'update', group: 'iam.kubesphere.io', resource: of.resource });
  const title = roleName(of.shortRole(name), query.data);
  const isFixed = query.data !== undefined && isBuiltIn(of, query.data);
  return (
    <Page
      title={title}
      sentence={t(isFixed ? 'roles.builtIn.text' : 'roles.custom.text')}
      actions={query.data && !isFixed && <DeleteRole of={of} name={name} title={title} />}
    >
      <Loaded query={query}>
        {(role) =>
          isFixed || !canUpdate.allowed ? (
            <ShownRole of={of} role={role} />
          ) : (
            <RoleForm key={role.metadata.resourceVersion} of={of} role={role} />
          )
        }
      </Loaded>
    </Page>
  );
}

function ShownRole({ of, role }: { of: RolesOf; role: RoleItem }) {
  const t = useText();
  const templates = useTemplates(of);
  const { name, annotations, creationTimestamp } = role.metadata;
  const chosen = new Set(templatesIn(role));
  return (
    <>
      <Facts
        items={[
          { label: t('roles.name'), value: name },
          { label: t('user.description'), value: annotations?.[annotation.description] },
          { label: t('user.created'), value: <Time at={creationTimestamp} /> },
        ]}
      />
      <Section title={t('roles.rights')}>
        {chosen.size === 0 ? (
          <div className="fh-soft">{t('roles.rights.own')}</div>
        ) : (
          <Loaded query={templates}>{(all) => <TemplateList templates={all} chosen={chosen} />}</Loaded>
        )}
      </Section>
      <div>
        <Link href={of.listHref}>{t('roles.all')}</Link>
      </div>
    </>
  );
}

function DeleteRole({ of, name, title }: { of: RolesOf; name: string; title: string }) {
  const t = useText();
  const go = useGo();
  const queries = useQueryClient();
  const verdict = useCan({ verb: 'delete', group: 'iam.kubesphere.io', resource: of.resource });
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton icon="trash" label={t('roles.delete')} verdict={verdict} onClick={open} />
      <ConfirmDelete
        opened={isOpen}
        onClose={close}
        title={t('roles.delete.title', { name: title })}
        goes={[t('roles.delete.goes')]}
        stays={[t('roles.delete.stays')]}
        confirmLabel={t('roles.delete')}
        onConfirm={async () => {
          await api.delete(`${of.path}/${encodeURIComponent(name)}`);
          await queries.invalidateQueries({ queryKey: ['list', of.path] });
          go(of.listHref);
        }}
      />
    </>
  );
}
