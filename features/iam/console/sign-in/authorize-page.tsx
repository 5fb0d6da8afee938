import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, FormError, Loaded, Page, Section } from '@kit/ui';
import { useText } from '../text.ts';

interface Asked {
  readonly client: { readonly name: string; readonly displayName: string };
  readonly scopes: readonly string[];
  readonly needsApproval: boolean;
  readonly redirectTo?: string;
}

const path = '/oauth/authorize';

/** Where another application's sign-in stops: the user sees who asks for what, and agrees or not. */
export default function AuthorizePage() {
  const t = useText();
  const wanted = Object.fromEntries(new URLSearchParams(window.location.search));
  const query = useQuery({
    queryKey: ['authorize', wanted],
    queryFn: async () => {
      const { object } = await api.post<Asked>(path, wanted);
      // An application that needs no approval gets its answer at once.
      if (object.redirectTo !== undefined) window.location.assign(object.redirectTo);
      return object;
    },
    staleTime: Infinity,
    retry: false,
  });
  return (
    <Page title={t('authorize.title')}>
      <Loaded query={query}>{(asked) => (asked.redirectTo ? null : <Decision asked={asked} wanted={wanted} />)}</Loaded>
    </Page>
  );
}

function Decision({ asked, wanted }: { asked: Asked; wanted: Readonly<Record<string, string>> }) {
  const t = useText();
  const [error, setError] = useState<unknown>();
  const decide = (decision: 'approve' | 'deny') => () => {
    api
      .post<Asked>(path, { ...wanted, decision })
      .then(({ object }) => window.location.assign(object.redirectTo ?? '/'))
      .catch(setError);
  };
  return (
    <Section title={t('authorize.asks', { name: asked.client.displayName })}>
      {error !== undefined && <FormError error={error} />}
      <p>{t(asked.scopes.includes('api') ? 'authorize.everything' : 'authorize.identity')}</p>
      <Group>
        <Button variant="filled" onClick={decide('approve')}>
          {t('authorize.approve')}
        </Button>
        <Button variant="default" onClick={decide('deny')}>
          {t('authorize.deny')}
        </Button>
      </Group>
    </Section>
  );
}
