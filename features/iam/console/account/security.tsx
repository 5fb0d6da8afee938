import { useState } from 'react';
import { PasswordInput, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionButton, api, Confirm, Facts, Loaded, Section, SidePanel, StatusMark, Time, toast } from '@kit/ui';
import { useText } from '../text.ts';
import { accountPaths, type SecondFactorState } from './account-api.ts';
import { ChangePassword } from './change-password.tsx';
import { EnrolSecondFactor } from './enrol-second-factor.tsx';

/** How one signs in: the password and the second factor. */
export function SecurityTab() {
  const t = useText();
  const query = useQuery({
    queryKey: ['object', accountPaths.secondFactor],
    queryFn: ({ signal }) => api.get<SecondFactorState>(accountPaths.secondFactor, { signal }),
  });
  return (
    <>
      <Section title={t('account.password')}>
        <ChangePassword />
      </Section>
      <Section title={t('secondFactor.title')}>
        <Loaded query={query} rows={2}>
          {(state) => <SecondFactor state={state} />}
        </Loaded>
      </Section>
    </>
  );
}

function SecondFactor({ state }: { state: SecondFactorState }) {
  const t = useText();
  const queries = useQueryClient();
  const [isEnrolling, enrolment] = useDisclosure(false);
  const [isEnding, end] = useDisclosure(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ['object', accountPaths.secondFactor] });
  const mark = (
    <StatusMark tone={state.enabled ? 'good' : 'idle'}>
      {t(state.enabled ? 'secondFactor.on' : 'secondFactor.off')}
    </StatusMark>
  );
  return (
    <>
      <div className="fh-soft">{t('secondFactor.text')}</div>
      <Facts
        items={[
          { label: t('user.state'), value: mark },
          { label: t('secondFactor.since'), value: state.since && <Time at={state.since} /> },
          { label: t('secondFactor.codesLeft'), value: state.recoveryCodesLeft },
        ]}
      />
      <div>
        {state.enabled ? (
          <ActionButton icon="lock" label={t('secondFactor.turnOff')} onClick={end.open} />
        ) : (
          <ActionButton
            variant="primary"
            icon="shield-lock"
            label={t('secondFactor.turnOn')}
            onClick={enrolment.open}
          />
        )}
      </div>
      <SidePanel opened={isEnrolling} onClose={enrolment.close} title={t('secondFactor.turnOn')}>
        {isEnrolling && (
          <EnrolSecondFactor
            onTurnedOn={() => void refresh()}
            onDone={() => {
              enrolment.close();
              toast.done(t('secondFactor.turnedOn'));
            }}
          />
        )}
      </SidePanel>
      <TurnOff opened={isEnding} onClose={end.close} onDone={() => void refresh()} />
    </>
  );
}

function TurnOff({ opened, onClose, onDone }: { opened: boolean; onClose: () => void; onDone: () => void }) {
  const t = useText();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const close = () => {
    setPassword('');
    setCode('');
    onClose();
  };
  return (
    <Confirm
      opened={opened}
      onClose={close}
      title={t('secondFactor.turnOff')}
      confirmLabel={t('secondFactor.turnOff')}
      isReady={code.trim() !== ''}
      danger
      onConfirm={async () => {
        await api.delete(accountPaths.secondFactor, { body: { password, code: code.trim() } });
        toast.done(t('secondFactor.turnedOff'));
        onDone();
      }}
    >
      <div>{t('secondFactor.turnOff.text')}</div>
      <PasswordInput
        label={t('password.current')}
        autoComplete="current-password"
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <TextInput
        label={t('secondFactor.code')}
        description={t('secondFactor.code.text')}
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </Confirm>
  );
}
