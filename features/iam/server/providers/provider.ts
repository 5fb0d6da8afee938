/** Who somebody is at an identity provider. */
export interface Identity {
  /** Does not change there, whatever else does. */
  readonly uid: string;
  readonly username: string;
  readonly email?: string;
  readonly displayName?: string;
  /** As the provider names them. */
  readonly groups?: readonly string[];
}

/** A provider that is shown a password, such as a directory. */
export interface PasswordProvider {
  readonly kind: 'password';
  /** `undefined` for a wrong name or password; throws `ServiceUnavailable` when the provider cannot be asked. */
  signIn(username: string, password: string): Promise<Identity | undefined>;
}

/** What a sign-in that is away at a provider must find again on its return. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly callbackUrl: string;
}

/** A provider that the browser is sent to. */
export interface RedirectProvider {
  readonly kind: 'redirect';
  begin(begun: Begun): Promise<string>;
  /** The identity that the provider's answer proves; throws `Unauthorized` when it proves none. */
  finish(begun: Begun, answer: URLSearchParams): Promise<Identity>;
}

export type Provider = PasswordProvider | RedirectProvider;

/** The texts of a list that a provider sent, whatever else is in it. */
export function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}
