import { useState } from 'react';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { api, FormError, isRequestError, toast, useServerForm, type Registration } from '@kit/ui';
import { useText } from '../text.ts';

interface RegistrationStepProps {
  readonly registration: Registration;
  readonly onSignedIn: () => void;
  readonly onLeft: () => void;
}

const path = '/session/registration';

/** The first sign-in by an identity provider: make an account, or link the one that is there already. */
export function RegistrationStep({ registration, onSignedIn, onLeft }: RegistrationStepProps) {
  const t = useText();
  const { mayLink, providerName } = registration;
  const [isLinking, setLinking] = useState(false);
  const leave = () => {
    api.delete(path).then(onLeft, (error: unknown) => toast.failed(error));
  };
  return (
    <Stack gap="md">
      <div>{t('registration.text', { provider: providerName, name: registration.username })}</div>
      {isLinking ? (
        <LinkForm onSignedIn={onSignedIn} />
      ) : (
        <AccountForm registration={registration} onSignedIn={onSignedIn} />
      )}
      {mayLink && (
        <Button variant="subtle" size="sm" onClick={() => setLinking(!isLinking)}>
          {t(isLinking ? 'registration.makeInstead' : 'registration.linkInstead')}
        </Button>
      )}
      <Button variant="subtle" size="sm" onClick={leave}>
        {t('secondFactor.back')}
      </Button>
    </Stack>
  );
}

function AccountForm({ registration, onSignedIn }: Omit<RegistrationStepProps, 'onLeft'>) {
  const t = useText();
  const { suggestedName, email, emailIsFixed, displayName = '' } = registration;
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { name: suggestedName, email, displayName },
    validate: {
      name: (value) => (value === '' ? t('user.name.needed') : null),
      email: (value) => (/^\S+@\S+$/.test(value) ? null : t('user.email.needed')),
    },
    fields: { name: 'name', 'metadata.name': 'name', email: 'email', 'spec.email': 'email' },
    send: async (values) => {
      await api.post(path, { ...values, displayName: values.displayName || undefined });
      onSignedIn();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('user.name')}
          description={t('user.name.rule')}
          autoComplete="username"
          autoFocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('user.email')}
          description={emailIsFixed ? t('registration.email.fixed') : undefined}
          type="email"
          autoComplete="email"
          readOnly={emailIsFixed}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <TextInput
          label={t('user.displayName')}
          autoComplete="name"
          key={form.key('displayName')}
          {...form.getInputProps('displayName')}
        />
        <Button type="submit" variant="filled" size="sm" loading={isSending}>
          {t('registration.make')}
        </Button>
      </Stack>
    </form>
  );
}

function LinkForm({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useText();
  const [needsCode, setNeedsCode] = useState(false);
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { username: '', password: '', code: '' },
    validate: {
      username: (value) => (value.trim() === '' ? t('signIn.username.needed') : null),
      password: (value) => (value === '' ? t('signIn.password.needed') : null),
    },
    send: async ({ username, password, code }) => {
      try {
        const link = { username, password, ...(code ? { code: code.trim() } : {}) };
        await api.post(path, { link });
        onSignedIn();
      } catch (failure) {
        const isMissingCode = isRequestError(failure) && failure.causes.some(({ field }) => field === 'link.code');
        setNeedsCode(needsCode || isMissingCode);
        if (!isMissingCode || needsCode) throw failure;
      }
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <TextInput
          label={t('signIn.username')}
          autoComplete="username"
          autoFocus
          key={form.key('username')}
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {needsCode && (
          <TextInput
            label={t('secondFactor.code')}
            description={t('secondFactor.code.text')}
            autoComplete="one-time-code"
            autoFocus
            key={form.key('code')}
            {...form.getInputProps('code')}
          />
        )}
        <Button type="submit" variant="filled" size="sm" loading={isSending}>
          {t('registration.link')}
        </Button>
      </Stack>
    </form>
  );
}
