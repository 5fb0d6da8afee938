import { useState } from 'react';
import { Button, Divider, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, isRequestError, Problem, useServerForm, type Registration } from '@kit/ui';
import { useText } from '../text.ts';

interface ProviderOption {
  readonly name: string;
  readonly displayName: string;
  readonly kind: 'password' | 'redirect';
}

interface Answer {
  readonly secondFactor?: string;
  readonly registration?: Registration;
}

interface PasswordStepProps {
  /** Whose session ended. */
  readonly username: string | undefined;
  readonly onSignedIn: () => void;
  readonly onSecondFactor: (ticket: string) => void;
  readonly onRegistration: (registration: Registration) => void;
}

const optionsPath = '/kapis/iam.freehold.io/v1alpha1/signinoptions';

/** The identity providers to offer; without them a password still works, so nothing waits for the answer. */
function useProviders(): readonly ProviderOption[] {
  const { data } = useQuery({
    queryKey: ['sign-in-options'],
    queryFn: ({ signal }) => api.get<{ providers: ProviderOption[] }>(optionsPath, { signal }),
    staleTime: 60_000,
  });
  return data?.providers ?? [];
}

/** The password, of this platform or of a directory, and the ways to other providers. */
export function PasswordStep({ username, onSignedIn, onSecondFactor, onRegistration }: PasswordStepProps) {
  const t = useText();
  const providers = useProviders();
  const directories = providers.filter(({ kind }) => kind === 'password');
  const [directory, setDirectory] = useState('');
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { username: username ?? '', password: '' },
    validate: {
      username: (value) => (value.trim() === '' ? t('signIn.username.needed') : null),
      password: (value) => (value === '' ? t('signIn.password.needed') : null),
    },
    send: async (values) => {
      const body = directory === '' ? values : { ...values, provider: directory };
      const { object } = await api.post<Answer>('/session', body);
      if (object.secondFactor !== undefined) onSecondFactor(object.secondFactor);
      else if (object.registration) onRegistration(object.registration);
      else onSignedIn();
    },
  });
  const accounts = [
    { value: '', label: t('signIn.directory.own') },
    ...directories.map(({ name, displayName }) => ({ value: name, label: displayName })),
  ];
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined ? <SignInProblem error={error} /> : <ProviderProblem />}
        <TextInput
          label={t('signIn.username')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus={!username || undefined}
          autoFocus={!username}
          key={form.key('username')}
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          autoFocus={Boolean(username)}
          data-autofocus={username || undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {directories.length > 0 && (
          <Select
            label={t('signIn.directory')}
            data={accounts}
            value={directory}
            allowDeselect={false}
            onChange={(value) => setDirectory(value ?? '')}
          />
        )}
        <Button type="submit" variant="filled" size="sm" loading={isSending}>
          {t('signIn.submit')}
        </Button>
        <ProviderLinks providers={providers.filter(({ kind }) => kind === 'redirect')} />
      </Stack>
    </form>
  );
}

/** The way back leads to the page that is open, so that a link somebody was sent still works after signing in. */
function loginHref(name: string): string {
  const { pathname, search } = window.location;
  const next = search.includes('signInProblem=') ? '/' : pathname + search;
  return `/oauth/login/${encodeURIComponent(name)}?${new URLSearchParams({ next }).toString()}`;
}

function ProviderLinks({ providers }: { providers: readonly ProviderOption[] }) {
  const t = useText();
  if (providers.length === 0) return null;
  return (
    <>
      <Divider label={t('signIn.or')} />
      {providers.map(({ name, displayName }) => (
        <Button key={name} component="a" variant="default" size="sm" href={loginHref(name)}>
          {t('signIn.by', { name: displayName })}
        </Button>
      ))}
    </>
  );
}

/** What an identity provider's answer came to, when it came to nothing. */
function ProviderProblem() {
  const t = useText();
  const [text] = useState(() => new URLSearchParams(window.location.search).get('signInProblem') ?? '');
  return text === '' ? null : <Problem tone="bad" title={t('signIn.failed')} text={text.slice(0, 300)} />;
}

export function SignInProblem({ error }: { error: unknown }) {
  const t = useText();
  const text = error instanceof Error ? error.message : String(error);
  if (!isRequestError(error)) return <Problem tone="bad" title={t('signIn.failed')} text={text} />;
  if (error.status === 429)
    return <Problem tone="warning" title={t('signIn.tooMany')} text={t('signIn.tooMany.text')} />;
  if (error.status !== 401) return <Problem tone="bad" title={t('signIn.failed')} text={text} />;
  if (/not active/.test(text))
    return <Problem tone="bad" title={t('signIn.inactive')} text={t('signIn.inactive.text')} />;
  return <Problem tone="bad" title={t('signIn.wrong')} text={t('signIn.wrong.text')} />;
}
