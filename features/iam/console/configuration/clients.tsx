import { useState } from 'react';
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
import { ClientForm } from './client-form.tsx';
import { builtInClient, configurationPaths, type ClientItem } from './configuration-api.ts';

/** The applications that may let people sign in with their account here. */
export function ClientsTab() {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const query = useQuery({
    queryKey: ['list', configurationPaths.clients],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: ClientItem[] }>(configurationPaths.clients, { signal })).items,
  });
  const list = useLocalList<ClientItem>({
    query,
    control,
    text: ({ name, displayName = '' }) => `${name} ${displayName}`,
    sorts: { name: ({ name, displayName }) => displayName ?? name },
  });
  const columns = useColumns();
  return (
    <DataTable
      label={t('clients.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ name }) => name}
      rowName={({ name }) => name}
      empty={<EmptyState title={t('clients.empty')} />}
    />
  );
}

/** Opens the form for another application. */
export function AddClientButton() {
  const t = useText();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="primary" icon="plus" label={t('clients.add')} onClick={open} />
      <SidePanel opened={opened} onClose={close} title={t('clients.add')}>
        {opened && <ClientForm onClose={close} />}
      </SidePanel>
    </>
  );
}

function useColumns(): readonly Column<ClientItem>[] {
  const t = useText();
  return [
    {
      id: 'name',
      title: t('sessions.client'),
      sort: 'name',
      phone: 'first',
      render: ({ name, displayName }) => displayName ?? name,
    },
    { id: 'id', title: t('clients.id'), width: '160px', render: ({ name }) => name },
    {
      id: 'kind',
      title: t('roles.kind'),
      width: '150px',
      phone: 'second',
      render: ({ name, hasSecret }) =>
        t(name === builtInClient ? 'roles.builtIn' : hasSecret ? 'clients.confidential' : 'clients.public'),
    },
    {
      id: 'grant',
      title: t('clients.grant'),
      width: '170px',
      render: ({ grantMethod }) => t(`clients.grant.${grantMethod}`),
    },
    { id: 'addresses', title: t('clients.addresses'), render: ({ redirectURIs }) => redirectURIs.join(', ') },
    {
      id: 'actions',
      title: t('user.actions'),
      width: '90px',
      align: 'end',
      phone: 'end',
      render: (client) => client.name !== builtInClient && <ClientActions client={client} />,
    },
  ];
}

function ClientActions({ client }: { client: ClientItem }) {
  const t = useText();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const close = () => setOpen(undefined);
  const name = client.displayName ?? client.name;
  return (
    <>
      <ActionMenu
        quiet
        label={t('user.actionsOf', { name })}
        items={[
          { label: t('clients.edit'), icon: 'pencil', onClick: () => setOpen('edit') },
          { label: t('clients.remove'), icon: 'trash', danger: true, onClick: () => setOpen('remove') },
        ]}
      />
      <SidePanel opened={open === 'edit'} onClose={close} title={name}>
        {open === 'edit' && <ClientForm client={client} onClose={close} />}
      </SidePanel>
      <ConfirmDelete
        opened={open === 'remove'}
        onClose={close}
        title={t('clients.remove.title', { name })}
        goes={[t('clients.remove.goes')]}
        confirmLabel={t('clients.remove')}
        onConfirm={async () => {
          await api.delete(configurationPaths.client(client.name));
          await queries.invalidateQueries({ queryKey: ['list', configurationPaths.clients] });
        }}
      />
    </>
  );
}
