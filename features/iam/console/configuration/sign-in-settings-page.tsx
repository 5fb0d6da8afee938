import { Page, useTab } from '@kit/ui';
import { useText } from '../text.ts';
import { AddClientButton, ClientsTab } from './clients.tsx';
import { AddProviderButton, ProvidersTab } from './providers.tsx';
import { SettingsTab } from './settings-form.tsx';

/** How signing in works on this platform: rules, identity providers, and applications that sign in here. */
export default function SignInSettingsPage() {
  const t = useText();
  const tabs = [
    { id: 'providers', label: t('providers.title') },
    { id: 'clients', label: t('clients.title') },
    { id: 'rules', label: t('rules.title') },
  ];
  const tab = useTab(tabs);
  const actions = { providers: <AddProviderButton />, clients: <AddClientButton />, rules: undefined };
  return (
    <Page
      title={t('signInSettings.title')}
      sentence={t(`${tab as keyof typeof actions}.sentence`)} // one of the tabs, or the first
      actions={actions[tab as keyof typeof actions]} // as above
      tabs={tabs}
    >
      {tab === 'providers' && <ProvidersTab />}
      {tab === 'clients' && <ClientsTab />}
      {tab === 'rules' && <SettingsTab />}
    </Page>
  );
}
