import { Button, Stack, TextInput } from '@mantine/core';
import { api, isRequestError, Problem, useServerForm } from '@kit/ui';
import { useText } from '../text.ts';

interface SecondFactorStepProps {
  /** Stands for the password that was right. */
  readonly ticket: string;
  readonly onSignedIn: () => void;
  readonly onBack: () => void;
}

/** The code of the authenticator app, or a recovery code. */
export function SecondFactorStep({ ticket, onSignedIn, onBack }: SecondFactorStepProps) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() === '' ? t('secondFactor.code.needed') : null) },
    send: async ({ code }) => {
      await api.post('/session/secondfactor', { ticket, code: code.trim() });
      onSignedIn();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <CodeProblem error={error} />}
        <TextInput
          label={t('secondFactor.code')}
          description={t('secondFactor.code.text')}
          autoComplete="one-time-code"
          autoFocus
          data-autofocus
          key={form.key('code')}
          {...form.getInputProps('code')}
        />
        <Button type="submit" variant="filled" size="sm" loading={isSending}>
          {t('signIn.submit')}
        </Button>
        <Button variant="subtle" size="sm" onClick={onBack}>
          {t('secondFactor.back')}
        </Button>
      </Stack>
    </form>
  );
}

function CodeProblem({ error }: { error: unknown }) {
  const t = useText();
  const text = error instanceof Error ? error.message : String(error);
  if (isRequestError(error) && error.status === 429)
    return <Problem tone="warning" title={t('signIn.tooMany')} text={t('signIn.tooMany.text')} />;
  if (isRequestError(error) && error.status === 401 && /code/.test(text))
    return <Problem tone="bad" title={t('secondFactor.wrong')} text={t('secondFactor.wrong.text')} />;
  if (isRequestError(error) && error.status === 401)
    return <Problem tone="bad" title={t('secondFactor.expired')} text={t('secondFactor.expired.text')} />;
  return <Problem tone="bad" title={t('signIn.failed')} text={text} />;
}
