import { Page } from '@kit/ui';
import { useText } from '../text.ts';
import { RoleForm } from './role-form.tsx';
import { clusterRoles, useRolesOf, type RolesOf } from './roles-of.ts';

/** Makes a role of the platform, a workspace or a project. */
export default function NewRolePage() {
  return <NewRole of={useRolesOf()} />;
}

/** The same for the cluster. */
export function NewClusterRolePage() {
  return <NewRole of={clusterRoles} />;
}

function NewRole({ of }: { of: RolesOf }) {
  const t = useText();
  return (
    <Page title={t('roles.create')} sentence={t(`roles.sentence.${of.kind}`, { name: of.name })}>
      <RoleForm of={of} />
    </Page>
  );
}
