import { useQuery } from '@tanstack/react-query';
import { api, Loaded, Page, Section, useCan, usePageParam, useTab } from '@kit/ui';
import { LoginHistory } from '../account/login-history.tsx';
import { iamApi, type UserItem } from '../api.ts';
import { useText } from '../text.ts';
import { EditUser } from './edit-user.tsx';
import { UserActions } from './user-actions.tsx';
import { UserFacts } from './user-facts.tsx';
import { UserState } from './user-state.tsx';

/** One user: what they are called, their role on the platform, and how they signed in. */
export default function UserPage() {
  const t = useText();
  const name = usePageParam('name');
  const path = `${iamApi}/users/${encodeURIComponent(name)}`;
  const query = useQuery({
    queryKey: ['object', path],
    queryFn: ({ signal }) => api.get<UserItem>(path, { signal }),
  });
  const tabs = [
    { id: 'user', label: t('members.user') },
    { id: 'history', label: t('account.history') },
  ];
  const tab = useTab(tabs);
  const canUpdate = useCan({ verb: 'update', group: 'iam.kubesphere.io', resource: 'users', name });
  return (
    <Page
      title={name}
      sentence={query.data && <UserState user={query.data} />}
      actions={query.data && <UserActions user={query.data} />}
      tabs={tabs}
    >
      {tab === 'history' ? (
        <LoginHistory username={name} />
      ) : (
        <Loaded query={query}>
          {(user) => (
            <>
              <Section title={t('account.about')}>
                <UserFacts user={user} />
              </Section>
              {canUpdate.allowed && (
                <Section title={t('users.edit')}>
                  <EditUser key={user.metadata.resourceVersion} user={user} path={path} />
                </Section>
              )}
            </>
          )}
        </Loaded>
      )}
    </Page>
  );
}
