import { useState } from 'react';
import type { SignInProps } from '@kit/ui';
import { useText } from '../text.ts';
import { GateFrame } from './gate-frame.tsx';
import { PasswordStep } from './password-step.tsx';
import { RegistrationStep } from './registration-step.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';

/** What is proved so far, and what is still missing. */
type Step =
  | { readonly at: 'password' }
  | { readonly at: 'code'; readonly ticket: string }
  | { readonly at: 'registration'; readonly registration: NonNullable<SignInProps['registration']> };

/** User name and password, or an identity provider; the session is a cookie that scripts cannot read. */
export default function SignInPage({ onSignedIn, username, registration }: SignInProps) {
  const t = useText();
  const [step, setStep] = useState<Step>(registration ? { at: 'registration', registration } : { at: 'password' });
  const back = () => setStep({ at: 'password' });
  const content =
    step.at === 'code' ? (
      <SecondFactorStep ticket={step.ticket} onSignedIn={onSignedIn} onBack={back} />
    ) : step.at === 'registration' ? (
      <RegistrationStep registration={step.registration} onSignedIn={onSignedIn} onLeft={back} />
    ) : (
      <PasswordStep
        username={username}
        onSignedIn={onSignedIn}
        onSecondFactor={(ticket) => setStep({ at: 'code', ticket })}
        onRegistration={(found) => setStep({ at: 'registration', registration: found })}
      />
    );
  if (username) return content;
  const title = { password: 'signIn.title', code: 'secondFactor.step', registration: 'registration.title' } as const;
  return <GateFrame title={t(title[step.at])}>{content}</GateFrame>;
}
