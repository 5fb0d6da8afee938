import { useState } from 'react';
import { Button, Group, Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, FormError, Section, useSession } from '@kit/ui';
import { download } from '../download.ts';
import { SecretText } from '../secret-text.tsx';
import { useText } from '../text.ts';
import { accountPaths } from './account-api.ts';
import { completed, type Kubeconfig } from './kubeconfig.ts';

const lives = [1, 7, 30, 90];

/** One's own way to the cluster with kubectl. */
export function ClusterAccessTab() {
  const t = useText();
  const { username } = useSession();
  const queries = useQueryClient();
  const [days, setDays] = useState('7');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const make = async () => {
    const answer = await api.stream(accountPaths.kubeconfig(username));
    const config = JSON.parse(await answer.text()) as Kubeconfig; // the platform writes kubeconfigs as JSON
    const text = await completed(config, async () => {
      const body = { description: t('kubectl.token', { server: window.location.host }), days: Number(days) };
      const { object } = await api.post<{ token: string }>(accountPaths.apiTokens, body);
      await queries.invalidateQueries({ queryKey: ['list', accountPaths.apiTokens] });
      return object.token;
    });
    download('freehold-kubeconfig.yaml', text);
  };
  const save = () => {
    setBusy(true);
    setError(undefined);
    make()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Section title={t('kubectl.title')}>
      <div className="fh-soft">{t('kubectl.text')}</div>
      {error !== undefined && <FormError error={error} />}
      <Group align="flex-end">
        <Select
          label={t('tokens.life')}
          w={180}
          data={lives.map((count) => ({ value: String(count), label: t('tokens.days', { count }) }))}
          value={days}
          onChange={(value) => setDays(value ?? days)}
        />
        <Button variant="filled" size="sm" loading={isBusy} onClick={save}>
          {t('kubectl.download')}
        </Button>
      </Group>
      <div className="fh-soft">{t('kubectl.life')}</div>
      <SecretText label={t('kubectl.try')} value="kubectl --kubeconfig freehold-kubeconfig.yaml auth whoami" />
    </Section>
  );
}
