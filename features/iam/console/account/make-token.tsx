import { useState } from 'react';
import { Button, Group, MultiSelect, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, FormError, SidePanel, useServerForm, type ListPage } from '@kit/ui';
import { SecretText } from '../secret-text.tsx';
import { useText } from '../text.ts';
import { accountPaths, type ApiTokenItem } from './account-api.ts';

interface Made {
  readonly token: string;
  readonly info: ApiTokenItem;
}

/** Makes an API token, and shows it this once. */
export function MakeToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useText();
  const [made, setMade] = useState<Made>();
  const close = () => {
    setMade(undefined);
    onClose();
  };
  return (
    <SidePanel opened={opened} onClose={close} title={t('tokens.make')}>
      {opened && (made ? <Shown made={made} onClose={close} /> : <TokenForm onMade={setMade} onClose={close} />)}
    </SidePanel>
  );
}

const noNames: string[] = [];
const lives = [7, 30, 90, 180, 365];

function useWorkspaceNames(): string[] {
  const path = '/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates';
  const { data } = useQuery({
    queryKey: ['list', path, 'names'],
    queryFn: ({ signal }) =>
      api.get<ListPage<{ metadata: { name: string } }>>(path, {
        query: { limit: 200, sortBy: 'name', ascending: true },
        signal,
      }),
  });
  return data?.items.map(({ metadata }) => metadata.name) ?? [];
}

function TokenForm({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const t = useText();
  const queries = useQueryClient();
  const workspaces = useWorkspaceNames();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { description: '', days: '30', readOnly: true, workspaces: noNames },
    validate: { description: (value) => (value.trim() === '' ? t('tokens.description.needed') : null) },
    fields: { description: 'description', days: 'days', workspaces: 'workspaces' },
    send: async ({ description, days, readOnly, workspaces: only }) => {
      const limits = only.length > 0 ? { workspaces: only } : {};
      const body = { description: description.trim(), days: Number(days), readOnly, ...limits };
      const { object } = await api.post<Made>(accountPaths.apiTokens, body);
      await queries.invalidateQueries({ queryKey: ['list', accountPaths.apiTokens] });
      onMade(object);
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('tokens.description')}
          description={t('tokens.description.text')}
          autoComplete="off"
          data-autofocus
          key={form.key('description')}
          {...form.getInputProps('description')}
        />
        <Select
          label={t('tokens.life')}
          data={lives.map((days) => ({ value: String(days), label: t('tokens.days', { count: days }) }))}
          key={form.key('days')}
          {...form.getInputProps('days')}
        />
        <Switch
          label={t('tokens.readOnly')}
          description={t('tokens.readOnly.text')}
          key={form.key('readOnly')}
          {...form.getInputProps('readOnly', { type: 'checkbox' })}
        />
        <MultiSelect
          label={t('tokens.workspaces')}
          description={t('tokens.workspaces.text')}
          data={workspaces}
          searchable
          key={form.key('workspaces')}
          {...form.getInputProps('workspaces')}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('tokens.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Shown({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useText();
  const { origin } = window.location;
  return (
    <Stack gap="md">
      <div>{t('tokens.shown')}</div>
      <SecretText label={t('tokens.token')} value={made.token} />
      <SecretText
        label={t('tokens.example')}
        value={`curl -H "Authorization: Bearer ${made.token}" ${origin}/kapis/tenant.kubesphere.io/v1alpha3/workspacetemplates`}
      />
      <Group justify="flex-end">
        <Button variant="filled" onClick={onClose}>
          {t('tokens.kept')}
        </Button>
      </Group>
    </Stack>
  );
}
