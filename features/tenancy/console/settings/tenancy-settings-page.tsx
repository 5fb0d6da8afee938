import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, FormError, Loaded, Page, Section, toast, useServerForm } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { LimitsForm, type Limits } from './limits-form.tsx';

interface Settings {
  readonly defaultLimits?: Limits;
  readonly overcommit?: { readonly cpu?: number; readonly memory?: number };
}

/** What holds for all tenants of the cluster: limits that new projects get, and how much may be promised. */
export default function TenancySettingsPage() {
  const t = useText();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['object', paths.settings],
    queryFn: ({ signal }) => api.get<Settings>(paths.settings, { signal }),
  });
  const save = async (settings: Settings) => {
    const { object } = await api.put<Settings>(paths.settings, settings);
    queries.setQueryData(['object', paths.settings], object);
    toast.done(t('settings.saved'));
  };
  return (
    <Page title={t('tenancy.title')} sentence={t('tenancy.sentence')}>
      <Loaded query={query}>
        {(settings) => (
          <>
            <Section title={t('tenancy.limits')}>
              <div className="fh-soft">{t('tenancy.limits.text')}</div>
              <Stack maw={560}>
                <LimitsForm
                  limits={settings.defaultLimits ?? {}}
                  submitLabel={t('settings.save')}
                  save={(defaultLimits) => save({ ...settings, defaultLimits })}
                />
              </Stack>
            </Section>
            <Section title={t('tenancy.overcommit')}>
              <div className="fh-soft">{t('tenancy.overcommit.text')}</div>
              <OvercommitForm
                overcommit={settings.overcommit}
                save={(overcommit) => save({ ...settings, overcommit })}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface OvercommitFormProps {
  readonly overcommit: Settings['overcommit'];
  readonly save: (overcommit: Settings['overcommit']) => Promise<unknown>;
}

function OvercommitForm({ overcommit, save }: OvercommitFormProps) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm<{ cpu: number | string; memory: number | string }>({
    mode: 'uncontrolled',
    initialValues: { cpu: overcommit?.cpu ?? '', memory: overcommit?.memory ?? '' },
    fields: { 'overcommit.cpu': 'cpu', 'overcommit.memory': 'memory' },
    send: (values) => {
      const set = Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
      return save(set.length > 0 ? Object.fromEntries(set) : undefined);
    },
  });
  const field = (name: 'cpu' | 'memory') => (
    <NumberInput
      label={t(`limits.${name}`)}
      placeholder={t('tenancy.overcommit.none')}
      min={0.1}
      max={1000}
      decimalScale={3}
      step={0.5}
      hideControls
      key={form.key(name)}
      {...form.getInputProps(name)}
    />
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={560}>
        {error !== undefined && <FormError error={error} />}
        <Group grow>
          {field('cpu')}
          {field('memory')}
        </Group>
        <Group>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('settings.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
