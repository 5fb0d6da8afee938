import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { api, isRequestError, Problem, useServerForm } from '@kit/ui';
import { GateFrame } from './gate-frame.tsx';
import { useText } from './text.ts';

interface SignInPageProps {
  readonly onSignedIn: () => void;
  /** Whose session ended; the form then stands in a dialog on top of what is open. */
  readonly username?: string;
}

/** User name and password; the session is a cookie that scripts cannot read. */
export default function SignInPage({ onSignedIn, username }: SignInPageProps) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { username: username ?? '', password: '' },
    validate: {
      username: (value) => (value.trim() === '' ? t('signIn.username.needed') : null),
      password: (value) => (value === '' ? t('signIn.password.needed') : null),
    },
    send: async (values) => {
      await api.post('/session', values);
      onSignedIn();
    },
  });
  const fields = (
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
        <Button type="submit" variant="filled" size="sm" loading={isSending}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
  return username ? fields : <GateFrame title={t('signIn.title')}>{fields}</GateFrame>;
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
