import { createContext, use } from 'react';

/** Who is signed in, as `GET /session` answers. */
export interface Session {
  readonly signedIn: true;
  readonly username: string;
  readonly email?: string;
  readonly displayName?: string;
  /** The language of the account. */
  readonly lang?: string;
  readonly globalrole?: string;
  readonly mustChangePassword?: boolean;
  readonly mustSetUpSecondFactor?: boolean;
}

/** A person whom an identity provider vouches for, before they have an account. */
export interface Registration {
  readonly provider: string;
  readonly providerName: string;
  /** The name at the provider. */
  readonly username: string;
  /** The same as a name of this platform; may be empty. */
  readonly suggestedName: string;
  readonly email: string;
  /** The provider has proved the address: it is taken as it is. */
  readonly emailIsFixed: boolean;
  readonly displayName?: string;
  /** Whether they may link an account that they have already. */
  readonly mayLink: boolean;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The signed-in user; pages are only drawn when there is one. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession is for pages behind the sign-in');
  return session;
}
