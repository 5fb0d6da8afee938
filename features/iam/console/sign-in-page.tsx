import { useState } from 'react';
import { Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, isRequestError, Problem, useServerForm } from '@kit/ui';
import { GateFrame } from './gate-frame.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';
import { useText } from './text.ts';

interface SignInPageProps {
  readonly onSignedIn: () => void;
  /** Whose session ended; the form then stands in a dialog on top of what is open. */
  readonly username?: string;
}

interface ProviderOption {
  readonly name: string;
  readonly displayName: string;
  readonly kind: 'password' | 'redirect';
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

/** User name and password, or an identity provider; the session is a cookie that scripts cannot read. */
export default function SignInPage({ onSignedIn, username }: SignInPageProps) {
  const t = useText();
  const [ticket, setTicket] = useState<string>();
  const content =
    ticket === undefined ? (
      <PasswordStep username={username} onSignedIn={onSignedIn} onSecondFactor={setTicket} />
    ) : (
      <SecondFactorStep ticket={ticket} onSignedIn={onSignedIn} onBack={() => setTicket(undefined)} />
    );
  return username ? content : <GateFrame title={t('signIn.title')}>{content}</GateFrame>;
}

interface PasswordStepProps extends SignInPageProps {
  readonly onSecondFactor: (ticket: string) => void;
}

function PasswordStep({ username, onSignedIn, onSecondFactor }: PasswordStepProps) {
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
      const { object } = await api.post<{ secondFactor?: string }>('/session', body);
      if (object.secondFactor === undefined) onSignedIn();
      else onSecondFactor(object.secondFactor);
    },
  });
  const accounts = [
    { value: '', label: t('signIn.directory.own') },
    ...directories.map(({ name, displayName }) => ({ value: name, label: displayName })),
  ];
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <SignInProblem error={error} />}
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
        {providers
          .filter(({ kind }) => kind === 'redirect')
          .map(({ name, displayName }) => (
            <Button
              key={name}
              component="a"
              variant="default"
              size="sm"
              href={`/oauth/login/${encodeURIComponent(name)}`}
            >
              {t('signIn.by', { name: displayName })}
            </Button>
          ))}
      </Stack>
    </form>
  );
}

function SignInProblem({ error }: { error: unknown }) {
  const t = useText();
  if (isRequestError(error) && error.status === 401) return <Problem tone="bad" title={t('signIn.wrong')} />;
  if (isRequestError(error) && error.status === 429)
    return <Problem tone="bad" title={t('signIn.tooMany')} text={error.message} />;
  return (
    <Problem tone="bad" title={t('signIn.failed')} text={error instanceof Error ? error.message : String(error)} />
  );
}
