import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useWindowEvent } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ErrorState, SessionContext, unauthorizedEvent, type Session, type SessionGate as Gate } from '@kit/ui';
import { features } from './features.ts';

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

async function readSession(signal: AbortSignal): Promise<Session | null> {
  const session = await api.get<Session | { readonly signedIn: false }>('/session', { signal });
  return session.signedIn ? session : null;
}

/** The session as the server says, and the one that the screen was drawn for. */
function useKnownSession() {
  const query = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => readSession(signal),
    staleTime: Infinity,
  });
  const [known, setKnown] = useState<Session>();
  const session = query.data;
  if (session && session !== known) {
    // Nothing the one before saw may stay on the screen of another user.
    if (known && known.username !== session.username) window.location.reload();
    setKnown(session);
  }
  const refetch = () => void query.refetch();
  useWindowEvent(unauthorizedEvent, refetch);
  return { query, known, hasEnded: session === null, refetch };
}

/** Shows the console to whom is signed in. When the session ends, asks for it again on top of what is open. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { query, known, hasEnded, refetch } = useKnownSession();
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
          <SignIn onSignedIn={refetch} />
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
  if (session.mustChangePassword) return <FirstPassword username={session.username} onChanged={onChanged} />;
  return <SessionContext value={session}>{children}</SessionContext>;
}
