import { Button, Group, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, FormError, Loaded, Section, toast, useServerForm, type ServerForm } from '@kit/ui';
import { useText } from '../text.ts';
import { configurationPaths, type SignInSettings } from './configuration-api.ts';

/** The rules of signing in. */
export function SettingsTab() {
  const query = useQuery({
    queryKey: ['object', configurationPaths.settings],
    queryFn: ({ signal }) => api.get<SignInSettings>(configurationPaths.settings, { signal }),
  });
  return (
    <Loaded query={query} rows={8}>
      {(settings) => <SettingsForm settings={settings} />}
    </Loaded>
  );
}

type Flat = Omit<SignInSettings, 'passwordPolicy'> & SignInSettings['passwordPolicy'];
type NumberField = {
  [Key in keyof Flat]: Flat[Key] extends number ? Key : never;
}[keyof Flat];
type Form = ServerForm<Record<keyof Flat, string | number | boolean>>['form'];

const passwordFields = ['minLength', 'needsSymbol', 'maxAgeDays'] as const;

function SettingsForm({ settings }: { settings: SignInSettings }) {
  const t = useText();
  const queries = useQueryClient();
  const { passwordPolicy, ...others } = settings;
  const { form, isSending, error, submit } = useServerForm<Record<keyof Flat, string | number | boolean>>({
    mode: 'uncontrolled',
    initialValues: { ...others, ...passwordPolicy },
    fields: {
      externalUrl: 'externalUrl',
      ...Object.fromEntries(passwordFields.map((field) => [`passwordPolicy.${field}`, field])),
    },
    send: async ({ minLength, needsSymbol, maxAgeDays, ...rest }) => {
      const body = { ...rest, passwordPolicy: { minLength, needsSymbol, maxAgeDays } };
      const { object } = await api.put<SignInSettings>(configurationPaths.settings, body);
      queries.setQueryData(['object', configurationPaths.settings], object);
      toast.done(t('rules.saved'));
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg" maw={560}>
        {error !== undefined && <FormError error={error} />}
        <Section title={t('rules.password')}>
          <NumberOf form={form} name="minLength" min={8} max={64} />
          <SwitchOf form={form} name="needsSymbol" />
          <NumberOf form={form} name="maxAgeDays" min={0} />
          <Select
            label={t('rules.secondFactor')}
            description={t('rules.secondFactor.text')}
            data={[
              { value: 'optional', label: t('rules.secondFactor.optional') },
              { value: 'required', label: t('rules.secondFactor.required') },
            ]}
            key={form.key('secondFactor')}
            {...form.getInputProps('secondFactor')}
          />
        </Section>
        <Section title={t('rules.locks')}>
          <NumberOf form={form} name="authenticateRateLimiterMaxTries" min={1} max={1000} />
          <NumberOf form={form} name="authenticateRateLimiterDuration" min={0} />
        </Section>
        <Section title={t('rules.lives')}>
          <SwitchOf form={form} name="multipleLogin" />
          <NumberOf form={form} name="sessionMaxAge" min={60} />
          <NumberOf form={form} name="accessTokenMaxAge" min={60} />
          <NumberOf form={form} name="accessTokenInactivityTimeout" min={0} />
          <NumberOf form={form} name="apiTokenMaxDays" min={1} max={3650} />
        </Section>
        <Section title={t('rules.address')}>
          <TextInput
            label={t('rules.externalUrl')}
            description={t('rules.externalUrl.text')}
            placeholder="https://platform.example.com"
            autoComplete="off"
            key={form.key('externalUrl')}
            {...form.getInputProps('externalUrl')}
          />
        </Section>
        <Group>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface NumberOfProps {
  readonly form: Form;
  readonly name: NumberField;
  readonly min: number;
  readonly max?: number;
}

function NumberOf({ form, name, min, max }: NumberOfProps) {
  const t = useText();
  return (
    <NumberInput
      label={t(`rules.${name}`)}
      min={min}
      max={max}
      allowDecimal={false}
      hideControls
      key={form.key(name)}
      {...form.getInputProps(name)}
    />
  );
}

function SwitchOf({ form, name }: { form: Form; name: 'needsSymbol' | 'multipleLogin' }) {
  const t = useText();
  return <Switch label={t(`rules.${name}`)} key={form.key(name)} {...form.getInputProps(name, { type: 'checkbox' })} />;
}
