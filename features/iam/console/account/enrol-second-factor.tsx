import { useState } from 'react';
import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core';
import { api, FormError, useServerForm } from '@kit/ui';
import { download } from '../download.ts';
import { SecretText } from '../secret-text.tsx';
import { useText } from '../text.ts';
import { accountPaths } from './account-api.ts';
import classes from './account.module.css';

interface Setup {
  readonly setup: string;
  readonly secret: string;
  readonly svg: string;
}

interface EnrolProps {
  /** The second factor is on from here; the recovery codes are still to be kept. */
  readonly onTurnedOn?: () => void;
  readonly onDone: () => void;
}

/** Turns the second factor on: the password again, the square for the app, a code of it, the recovery codes. */
export function EnrolSecondFactor({ onTurnedOn, onDone }: EnrolProps) {
  const [setup, setSetup] = useState<Setup>();
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes) return <RecoveryCodes codes={codes} onKept={onDone} />;
  if (!setup) return <PasswordStep onBegun={setSetup} />;
  return (
    <CodeStep
      setup={setup}
      onCodes={(next) => {
        setCodes(next);
        onTurnedOn?.();
      }}
    />
  );
}

function PasswordStep({ onBegun }: { onBegun: (setup: Setup) => void }) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    fields: { password: 'password' },
    send: async ({ password }) => {
      const { object } = await api.post<Setup>(accountPaths.secondFactor, { password });
      onBegun(object);
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <div className="fh-soft">{t('secondFactor.text')}</div>
        <PasswordInput
          label={t('password.current')}
          description={t('secondFactor.password.text')}
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" variant="filled" size="sm" loading={isSending}>
          {t('secondFactor.begin')}
        </Button>
      </Stack>
    </form>
  );
}

function CodeStep({ setup, onCodes }: { setup: Setup; onCodes: (codes: readonly string[]) => void }) {
  const t = useText();
  const { form, isSending, error, submit } = useServerForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() === '' ? t('secondFactor.code.needed') : null) },
    fields: { code: 'code' },
    send: async ({ code }) => {
      const body = { setup: setup.setup, code: code.replaceAll(' ', '') };
      const { object } = await api.put<{ recoveryCodes: readonly string[] }>(accountPaths.secondFactor, body);
      onCodes(object.recoveryCodes);
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error !== undefined && <FormError error={error} />}
        <div>{t('secondFactor.scan')}</div>
        <img
          className={classes.square}
          src={`data:image/svg+xml,${encodeURIComponent(setup.svg)}`}
          width={200}
          height={200}
          alt={t('secondFactor.square')}
        />
        <SecretText label={t('secondFactor.secret')} value={setup.secret} />
        <TextInput
          label={t('secondFactor.code')}
          description={t('secondFactor.code.first')}
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
          key={form.key('code')}
          {...form.getInputProps('code')}
        />
        <Button type="submit" variant="filled" size="sm" loading={isSending}>
          {t('secondFactor.turnOn')}
        </Button>
      </Stack>
    </form>
  );
}

function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const t = useText();
  const [isKept, setKept] = useState(false);
  return (
    <Stack gap="md">
      <strong>{t('secondFactor.turnedOn')}</strong>
      <div>{t('secondFactor.recovery.text')}</div>
      <SecretText label={t('secondFactor.recovery')} value={codes.join('\n')} />
      <Button onClick={() => download('freehold-recovery-codes.txt', `${codes.join('\n')}\n`)}>
        {t('secondFactor.recovery.download')}
      </Button>
      <Checkbox
        label={t('secondFactor.recovery.kept')}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button variant="filled" size="sm" disabled={!isKept} onClick={onKept}>
        {t('secondFactor.done')}
      </Button>
    </Stack>
  );
}
