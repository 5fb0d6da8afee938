import { createContext, use } from 'react';

/** Who is signed in, as `GET /session` answers. */
export interface Session {
  readonly signedIn: true;
  readonly username: string;
  readonly globalrole?: string;
  readonly mustChangePassword?: boolean;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The signed-in user; pages are only drawn when there is one. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession is for pages behind the sign-in');
  return session;
}
