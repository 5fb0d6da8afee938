import { useState } from 'react';
import { Button, Group, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, FormError, toast, useServerForm } from '@kit/ui';
import { SecretText } from '../secret-text.tsx';
import { useText } from '../text.ts';
import { configurationPaths, type ClientItem } from './configuration-api.ts';

interface ClientFormProps {
  /** The application to change; absent: another one. */
  readonly client?: ClientItem;
  readonly onClose: () => void;
}

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replaceAll(/[+/=]/g, '');
}

const linesOf = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const grants = ['prompt', 'auto', 'deny'] as const;

/** Registers an application that signs people in by this platform, or changes one. */
export function ClientForm({ client, onClose }: ClientFormProps) {
  const t = useText();
  const queries = useQueryClient();
  const [secret, setSecret] = useState<string>();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: initialValues(client),
    validate: {
      name: (value) => (value === '' ? t('roles.name.needed') : null),
      redirectURIs: (value) => (linesOf(value).length === 0 ? t('clients.addresses.needed') : null),
    },
    fields: { name: 'name', 'redirectURIs[0]': 'redirectURIs', 'redirectURIs[1]': 'redirectURIs' },
    send: async ({ makesSecret, ...values }) => {
      const made = makesSecret ? newSecret() : undefined;
      const sent = clientOf(values, client);
      await api.put(configurationPaths.client(sent.name), { ...sent, ...(made ? { secret: made } : {}) });
      await queries.invalidateQueries({ queryKey: ['list', configurationPaths.clients] });
      toast.done(t('clients.saved'));
      if (made) setSecret(made);
      else onClose();
    },
  });
  if (secret !== undefined) return <ShownSecret name={form.getValues().name} secret={secret} onClose={onClose} />;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('clients.id')}
          description={t('clients.id.text')}
          autoComplete="off"
          readOnly={client !== undefined}
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('user.displayName')}
          description={t('clients.displayName.text')}
          autoComplete="off"
          key={form.key('displayName')}
          {...form.getInputProps('displayName')}
        />
        <Textarea
          label={t('clients.addresses')}
          description={t('clients.addresses.text')}
          autosize
          minRows={2}
          key={form.key('redirectURIs')}
          {...form.getInputProps('redirectURIs')}
        />
        <Textarea
          label={t('clients.afterwards')}
          description={t('clients.addresses.text')}
          autosize
          minRows={1}
          key={form.key('postLogoutRedirectURIs')}
          {...form.getInputProps('postLogoutRedirectURIs')}
        />
        <Select
          label={t('clients.grant')}
          data={grants.map((value) => ({ value, label: t(`clients.grant.${value}`) }))}
          key={form.key('grantMethod')}
          {...form.getInputProps('grantMethod')}
        />
        <Switch
          label={t(client?.hasSecret ? 'clients.secret.anew' : 'clients.secret.make')}
          description={t('clients.secret.text')}
          key={form.key('makesSecret')}
          {...form.getInputProps('makesSecret', { type: 'checkbox' })}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {t(client ? 'save' : 'clients.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const blank: ClientItem = { name: '', hasSecret: false, redirectURIs: [], grantMethod: 'prompt' };

function initialValues(client: ClientItem = blank) {
  const { name, displayName = '', redirectURIs, postLogoutRedirectURIs = [], grantMethod } = client;
  return {
    name,
    displayName,
    redirectURIs: redirectURIs.join('\n'),
    postLogoutRedirectURIs: postLogoutRedirectURIs.join('\n'),
    grantMethod,
    makesSecret: client === blank,
  };
}

/** The application to write, of what the form holds. */
function clientOf(values: Omit<ReturnType<typeof initialValues>, 'makesSecret'>, before: ClientItem = blank) {
  const { hasSecret: _hasSecret, ...kept } = before;
  const afterwards = linesOf(values.postLogoutRedirectURIs);
  return {
    ...kept,
    name: values.name,
    displayName: values.displayName || undefined,
    redirectURIs: linesOf(values.redirectURIs),
    grantMethod: values.grantMethod,
    postLogoutRedirectURIs: afterwards.length > 0 ? afterwards : undefined,
  };
}

function ShownSecret({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  const t = useText();
  return (
    <Stack gap="md">
      <div>{t('clients.secret.shown')}</div>
      <SecretText label={t('clients.id')} value={name} />
      <SecretText label={t('clients.secret')} value={secret} />
      <SecretText label={t('clients.issuer')} value={window.location.origin} />
      <Group justify="flex-end">
        <Button variant="filled" onClick={onClose}>
          {t('tokens.kept')}
        </Button>
      </Group>
    </Stack>
  );
}
