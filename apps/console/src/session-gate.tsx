import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useWindowEvent } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  api,
  ErrorState,
  SessionContext,
  unauthorizedEvent,
  type Registration,
  type Session,
  type SessionGate as Gate,
} from '@kit/ui';
import { features } from './features.ts';
import { useAccountLanguage } from './use-account-language.ts';

function gateOf(): Gate {
  const gate = features.find((feature) => feature.gate)?.gate;
  if (!gate) throw new Error('no feature of the console says how to sign in');
  return gate;
}

const SignIn = lazy(gateOf().signIn);
const SignInAgain = lazy(() =>
  import('./sign-in-again.tsx').then(({ SignInAgain: component }) => ({ default: component })),
);
const FirstPassword = lazy(gateOf().firstPassword);
const SecondFactor = lazy(gateOf().secondFactor);

type Answer = Session | { readonly signedIn: false; readonly registration?: Registration };

/** The session as the server says, and the one that the screen was drawn for. */
function useKnownSession() {
  const query = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => api.get<Answer>('/session', { signal }),
    staleTime: Infinity,
  });
  const [known, setKnown] = useState<Session>();
  const answer = query.data;
  const session = answer?.signedIn ? answer : undefined;
  if (session && session !== known) {
    // Nothing the one before saw may stay on the screen of another user.
    if (known && known.username !== session.username) window.location.reload();
    setKnown(session);
  }
  const refetch = () => void query.refetch();
  useWindowEvent(unauthorizedEvent, refetch);
  const registration = answer?.signedIn === false ? answer.registration : undefined;
  return { query, known, hasEnded: answer?.signedIn === false, registration, refetch };
}

/** Shows the console to whom is signed in. When the session ends, asks for it again on top of what is open. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { query, known, hasEnded, registration, refetch } = useKnownSession();
  const queries = useQueryClient();
  // What was refused for want of a session is asked for again.
  const enterAgain = () => void queries.invalidateQueries();
  if (query.error && !known) return <ErrorState error={query.error} onRetry={refetch} />;
  if (query.isPending) return null;
  return (
    <>
      <Suspense fallback={null}>
        {known ? (
          <Entered session={known} onChanged={refetch}>
            {children}
          </Entered>
        ) : (
          <SignIn onSignedIn={refetch} registration={registration} />
        )}
      </Suspense>
      {known && hasEnded && (
        // What is open stays on the screen while the code of the form comes.
        <Suspense fallback={null}>
          <SignInAgain>
            <SignIn username={known.username} onSignedIn={enterAgain} />
          </SignInAgain>
        </Suspense>
      )}
    </>
  );
}

interface EnteredProps {
  readonly session: Session;
  readonly onChanged: () => void;
  readonly children: ReactNode;
}

function Entered({ session, onChanged, children }: EnteredProps) {
  useAccountLanguage(session.lang);
  if (session.mustChangePassword) return <FirstPassword username={session.username} onChanged={onChanged} />;
  if (session.mustSetUpSecondFactor) return <SecondFactor onChanged={onChanged} />;
  return <SessionContext value={session}>{children}</SessionContext>;
}
