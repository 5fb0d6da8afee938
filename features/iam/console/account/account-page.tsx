import { Page, useSession, useTab } from '@kit/ui';
import { useText } from '../text.ts';
import { ApiTokensTab } from './api-tokens.tsx';
import { ClusterAccessTab } from './cluster-access.tsx';
import { LoginHistoryTab } from './login-history.tsx';
import { ProfileTab } from './profile.tsx';
import { SecurityTab } from './security.tsx';
import { SessionsTab } from './sessions.tsx';

const content = {
  profile: ProfileTab,
  security: SecurityTab,
  tokens: ApiTokensTab,
  sessions: SessionsTab,
  history: LoginHistoryTab,
  kubectl: ClusterAccessTab,
} as const;
type TabId = keyof typeof content;
const ids = Object.keys(content) as TabId[]; // its keys are exactly the tabs

/** One's own account: who one is, how one signs in, and what acts in one's name. */
export default function AccountPage() {
  const t = useText();
  const { username } = useSession();
  const tabs = ids.map((id) => ({ id, label: t(`account.${id}`) }));
  const current = useTab(tabs) as TabId; // one of the tabs, or the first
  const Content = content[current];
  return (
    <Page title={t('account.title')} sentence={t('account.sentence', { name: username })} tabs={tabs}>
      <Content />
    </Page>
  );
}
