import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, Facts, FormError, languages, Loaded, Section, Time, toast, useServerForm, useSession } from '@kit/ui';
import { globalRoleOf, iamApi, type UserItem } from '../api.ts';
import { useText } from '../text.ts';
import { useRoleName } from '../use-role-name.ts';

const languageNames = { en: 'English', ko: '한국어', zh: '中文' } as const;

/** What one is called and how one is reached. */
export function ProfileTab() {
  const t = useText();
  const { username } = useSession();
  const path = `${iamApi}/users/${encodeURIComponent(username)}`;
  const query = useQuery({
    queryKey: ['object', path],
    queryFn: ({ signal }) => api.get<UserItem>(path, { signal }),
  });
  return (
    <Loaded query={query}>
      {(user) => (
        <>
          <Section title={t('account.about')}>
            <About user={user} />
          </Section>
          <Section title={t('account.profile')}>
            <ProfileForm key={user.metadata.resourceVersion} user={user} path={path} />
          </Section>
        </>
      )}
    </Loaded>
  );
}

function About({ user }: { user: UserItem }) {
  const t = useText();
  const roleName = useRoleName();
  const { metadata, spec, status } = user;
  return (
    <Facts
      items={[
        { label: t('user.name'), value: metadata.name },
        { label: t('user.role'), value: roleName(globalRoleOf(user)) },
        { label: t('account.groups'), value: spec.groups?.join(', ') },
        { label: t('user.created'), value: <Time at={metadata.creationTimestamp} /> },
        { label: t('user.lastLogin'), value: status?.lastLoginTime && <Time at={status.lastLoginTime} /> },
      ]}
    />
  );
}

function ProfileForm({ user, path }: { user: UserItem; path: string }) {
  const t = useText();
  const queries = useQueryClient();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: {
      displayName: user.spec.displayName ?? '',
      email: user.spec.email,
      lang: languages.find((one) => one === user.spec.lang) ?? '',
    },
    validate: { email: (value) => (/^\S+@\S+$/.test(value) ? null : t('user.email.needed')) },
    fields: { 'spec.email': 'email', 'spec.displayName': 'displayName', 'spec.lang': 'lang' },
    send: async ({ displayName, email, lang }) => {
      const spec = { ...user.spec, email, displayName: displayName || undefined, lang: lang || undefined };
      await api.put(path, { ...user, spec });
      toast.done(t('account.saved'));
      // The shell takes the language from the session.
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['object', path] }),
        queries.invalidateQueries({ queryKey: ['session'] }),
      ]);
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={480}>
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('user.displayName')}
          autoComplete="name"
          key={form.key('displayName')}
          {...form.getInputProps('displayName')}
        />
        <TextInput
          label={t('user.email')}
          type="email"
          autoComplete="email"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Select
          label={t('account.language')}
          description={t('account.language.text')}
          data={[
            { value: '', label: t('account.language.browser') },
            ...languages.map((value) => ({ value, label: languageNames[value] })),
          ]}
          key={form.key('lang')}
          {...form.getInputProps('lang')}
        />
        <Group>
          <Button type="submit" variant="filled" loading={isSending}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
