import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ActionButton,
  ActionMenu,
  api,
  ConfirmDelete,
  DataTable,
  EmptyState,
  SidePanel,
  useListState,
  useLocalList,
  type Column,
} from '@kit/ui';
import { useText } from '../text.ts';
import { configurationPaths, type ProviderItem } from './configuration-api.ts';
import { ProviderForm } from './provider-form.tsx';
import { providerTypes } from './provider-fields.ts';

/** The identity providers that people can sign in by. */
export function ProvidersTab() {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const query = useQuery({
    queryKey: ['list', configurationPaths.providers],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: ProviderItem[] }>(configurationPaths.providers, { signal })).items,
  });
  const list = useLocalList<ProviderItem>({
    query,
    control,
    text: ({ name, displayName = '', type }) => `${name} ${displayName} ${type}`,
    sorts: { name: ({ name, displayName }) => displayName ?? name, type: ({ type }) => type },
  });
  const columns = useColumns();
  return (
    <DataTable
      label={t('providers.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ name }) => name}
      rowName={({ name }) => name}
      empty={<EmptyState title={t('providers.empty')} text={t('providers.empty.text')} />}
    />
  );
}

/** Opens the form for another provider. */
export function AddProviderButton() {
  const t = useText();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="primary" icon="plus" label={t('providers.add')} onClick={open} />
      <SidePanel opened={opened} onClose={close} title={t('providers.add')}>
        {opened && <ProviderForm onClose={close} />}
      </SidePanel>
    </>
  );
}

/** Names a type of provider as the world does. */
export function useTypeName(): (type: string) => string {
  const t = useText();
  return (type) => {
    const known = providerTypes.find((one) => one === type);
    return known ? t(`providers.type.${known}`) : type;
  };
}

function useColumns(): readonly Column<ProviderItem>[] {
  const t = useText();
  const typeName = useTypeName();
  return [
    {
      id: 'name',
      title: t('user.displayName'),
      sort: 'name',
      phone: 'first',
      render: ({ name, displayName }) => displayName ?? name,
    },
    { id: 'id', title: t('roles.name'), width: '160px', render: ({ name }) => name },
    {
      id: 'type',
      title: t('roles.kind'),
      sort: 'type',
      width: '190px',
      phone: 'second',
      render: ({ type }) => typeName(type),
    },
    {
      id: 'mapping',
      title: t('providers.mapping'),
      render: ({ mappingMethod, disableLoginConfirmation }) =>
        t(
          mappingMethod === 'auto' && disableLoginConfirmation
            ? 'providers.mapping.silent'
            : `providers.mapping.${mappingMethod}`,
        ),
    },
    {
      id: 'actions',
      title: t('user.actions'),
      width: '90px',
      align: 'end',
      phone: 'end',
      render: (provider) => <ProviderActions provider={provider} />,
    },
  ];
}

function ProviderActions({ provider }: { provider: ProviderItem }) {
  const t = useText();
  const queries = useQueryClient();
  const [isEditing, edit] = useDisclosure(false);
  const [isRemoving, removal] = useDisclosure(false);
  const name = provider.displayName ?? provider.name;
  return (
    <>
      <ActionMenu
        quiet
        label={t('user.actionsOf', { name })}
        items={[
          { label: t('providers.edit'), icon: 'pencil', onClick: edit.open },
          { label: t('providers.remove'), icon: 'trash', danger: true, onClick: removal.open },
        ]}
      />
      <SidePanel opened={isEditing} onClose={edit.close} title={name}>
        {isEditing && <ProviderForm provider={provider} onClose={edit.close} />}
      </SidePanel>
      <ConfirmDelete
        opened={isRemoving}
        onClose={removal.close}
        title={t('providers.remove.title', { name })}
        goes={[t('providers.remove.goes')]}
        stays={[t('providers.remove.stays')]}
        confirmLabel={t('providers.remove')}
        onConfirm={async () => {
          await api.delete(configurationPaths.provider(provider.name));
          await queries.invalidateQueries({ queryKey: ['list', configurationPaths.providers] });
        }}
      />
    </>
  );
}
