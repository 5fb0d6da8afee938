import { useState } from 'react';
import { Button, Group, PasswordInput, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, FormError, toast, useServerForm, type ServerForm } from '@kit/ui';
import { SecretText } from '../secret-text.tsx';
import { useText } from '../text.ts';
import { configurationPaths, type ProviderItem } from './configuration-api.ts';
import {
  fieldName,
  providerFields,
  providerTypes,
  settingsOf,
  shownValues,
  type ProviderField,
  type ProviderType,
} from './provider-fields.ts';

interface ProviderFormProps {
  /** The provider to change; absent: another one. */
  readonly provider?: ProviderItem;
  readonly onClose: () => void;
}

type Values = Record<string, string | boolean>;
const mappings = ['auto', 'lookup', 'mixed', 'generate'] as const;

/** Adds an identity provider, or changes one. */
export function ProviderForm({ provider, onClose }: ProviderFormProps) {
  const t = useText();
  const [type, setType] = useState<ProviderType>(
    providerTypes.find((one) => one === provider?.type) ?? 'OIDCIdentityProvider',
  );
  return (
    <Stack gap="md">
      <Select
        label={t('roles.kind')}
        data={providerTypes.map((value) => ({ value, label: t(`providers.type.${value}`) }))}
        value={type}
        disabled={provider !== undefined}
        onChange={(value) => value && setType(value)}
      />
      <TypedForm key={type} type={type} provider={provider} onClose={onClose} />
    </Stack>
  );
}

function TypedForm({ type, provider, onClose }: ProviderFormProps & { readonly type: ProviderType }) {
  const t = useText();
  const queries = useQueryClient();
  const fields: readonly ProviderField[] = providerFields[type];
  const { form, isSending, error, submit } = useServerForm<Values>({
    mode: 'uncontrolled',
    initialValues: initialValues(fields, provider),
    validate: (values) => missingOf(values, fields, { name: t('roles.name.needed'), setting: t('providers.needed') }),
    fields: { name: 'name' },
    send: async (values) => {
      const sent = providerOf(values, { type, fields, before: provider });
      await api.put(configurationPaths.provider(sent.name), sent);
      await queries.invalidateQueries({ queryKey: ['list', configurationPaths.providers] });
      toast.done(t('providers.saved'));
      onClose();
    },
  });
  const mapping = String(form.getValues()['mappingMethod']);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('roles.name')}
          description={t('providers.name.text', { address: `${window.location.origin}/oauth/callback/…` })}
          autoComplete="off"
          readOnly={provider !== undefined}
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('user.displayName')}
          description={t('providers.displayName.text')}
          autoComplete="off"
          key={form.key('displayName')}
          {...form.getInputProps('displayName')}
        />
        {provider && (
          <SecretText
            label={t('providers.callback')}
            value={`${window.location.origin}/oauth/callback/${provider.name}`}
          />
        )}
        {fields.map((field) => (
          <SettingField key={form.key(fieldName(field))} field={field} form={form} secrets={provider?.secrets ?? []} />
        ))}
        <Select
          label={t('providers.mapping')}
          description={t('providers.mapping.text')}
          data={mappings.map((value) => ({ value, label: t(`providers.mapping.${value}`) }))}
          defaultValue={mapping}
          onChange={(value) => form.setFieldValue('mappingMethod', value ?? mapping)}
        />
        <Switch
          label={t('providers.confirm')}
          description={t('providers.confirm.text')}
          key={form.key('confirms')}
          {...form.getInputProps('confirms', { type: 'checkbox' })}
        />
        <Textarea
          label={t('providers.groups')}
          description={t('providers.groups.text')}
          placeholder="platform-team = acme-engineering"
          autosize
          minRows={2}
          key={form.key('groups')}
          {...form.getInputProps('groups')}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={isSending}>
            {t(provider ? 'save' : 'providers.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function initialValues(fields: readonly ProviderField[], provider: ProviderItem | undefined): Values {
  const { name = '', displayName = '', mappingMethod = 'auto', groups = {} } = provider ?? {};
  return {
    name,
    displayName,
    mappingMethod,
    confirms: !provider?.disableLoginConfirmation,
    groups: Object.entries(groups)
      .map((pair) => pair.join(' = '))
      .join('\n'),
    ...shownValues(fields, provider?.provider ?? {}),
  };
}

function missingOf(
  values: Values,
  fields: readonly ProviderField[],
  texts: { readonly name: string; readonly setting: string },
): Record<string, string> {
  const missing = fields.filter((field) => field.needed && String(values[fieldName(field)]).trim() === '');
  return {
    ...(values['name'] === '' ? { name: texts.name } : {}),
    ...Object.fromEntries(missing.map((field) => [fieldName(field), texts.setting])),
  };
}

interface Sending {
  readonly type: ProviderType;
  readonly fields: readonly ProviderField[];
  readonly before: ProviderItem | undefined;
}

/** The provider to write, of what the form holds. */
function providerOf(values: Values, { type, fields, before }: Sending) {
  const { secrets: _secrets, ...kept } = before ?? { secrets: [] };
  return {
    ...kept,
    name: String(values['name']),
    type,
    displayName: String(values['displayName']) || undefined,
    mappingMethod: values['mappingMethod'],
    disableLoginConfirmation: values['confirms'] !== true,
    groups: groupsOf(String(values['groups'])),
    provider: settingsOf(fields, values, before?.provider ?? {}),
  };
}

/** `their-group = our-group`, a pair on each line. */
function groupsOf(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.lastIndexOf('=');
    const [theirs, ours] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    return at > 0 && theirs && ours ? [[theirs, ours] as const] : [];
  });
  return Object.fromEntries(pairs);
}

interface SettingFieldProps {
  readonly field: ProviderField;
  readonly form: ServerForm<Values>['form'];
  readonly secrets: readonly string[];
}

/** The words for a setting; `endpoint.authURL` goes by its last part. */
type SettingKey = Parameters<ReturnType<typeof useText>>[0] & `providers.field.${string}`;

function SettingField({ field, form, secrets }: SettingFieldProps) {
  const t = useText();
  const name = fieldName(field);
  const label = t(`providers.field.${field.key.split('.').at(-1) ?? ''}` as SettingKey); // each key of providerFields has its words: a test compares
  const input = { label, autoComplete: 'off' } as const;
  if (field.kind === 'switch') return <Switch label={label} {...form.getInputProps(name, { type: 'checkbox' })} />;
  if (field.kind === 'certificate')
    return <Textarea {...input} autosize minRows={2} maxRows={6} {...form.getInputProps(name)} />;
  if (field.kind === 'secret')
    return (
      <PasswordInput
        {...input}
        autoComplete="new-password"
        description={secrets.includes(field.key) ? t('providers.secret.kept') : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        {...form.getInputProps(name)}
      />
    );
  return (
    <TextInput
      {...input}
      withAsterisk={field.needed}
      description={field.kind === 'list' ? t('providers.list.text') : undefined}
      {...form.getInputProps(name)}
    />
  );
}
