import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Modal } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import {
  api,
  ErrorState,
  isRequestError,
  SessionContext,
  unauthorizedEvent,
  type Session,
  type SessionGate as Gate,
} from '@kit/ui';
import { features } from './features.ts';
import { useShellText } from './text.ts';

function gateOf(): Gate {
  const gate = features.find((feature) => feature.gate)?.gate;
  if (!gate) throw new Error('no feature of the console says how to sign in');
  return gate;
}

const SignIn = lazy(gateOf().signIn);
const FirstPassword = lazy(gateOf().firstPassword);

async function readSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return await api.get<Session>('/session', { signal });
  } catch (error) {
    if (isRequestError(error) && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

/** Shows the console to whom is signed in. When the session ends, asks for it again on top of what is open. */
export function SessionGate({ children }: { children: ReactNode }) {
  const query = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => readSession(signal), staleTime: Infinity });
  const [known, setKnown] = useState<Session>();
  useWindowEvent(unauthorizedEvent, () => void query.refetch());
  const session = query.data;
  if (session && session !== known) {
    // Nothing the one before saw may stay on the screen of another user.
    if (known && known.username !== session.username) window.location.reload();
    setKnown(session);
  }
  const refetch = () => void query.refetch();
  if (query.error && !known) return <ErrorState error={query.error} onRetry={refetch} />;
  if (query.isPending) return null;
  return (
    <Suspense fallback={null}>
      {!known && <SignIn onSignedIn={refetch} />}
      {known && known.mustChangePassword && <FirstPassword username={known.username} onChanged={refetch} />}
      {known && !known.mustChangePassword && <SessionContext value={known}>{children}</SessionContext>}
      {known && session === null && <SignInAgain username={known.username} onSignedIn={refetch} />}
    </Suspense>
  );
}

function SignInAgain({ username, onSignedIn }: { username: string; onSignedIn: () => void }) {
  const t = useShellText();
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t('ended')}
    >
      <SignIn username={username} onSignedIn={onSignedIn} />
    </Modal>
  );
}
