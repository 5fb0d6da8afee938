/** What is known of a session when a request of it is judged. */
export interface JudgedSession {
  readonly method: string;
  readonly scopes?: readonly string[];
}

interface Judging {
  readonly path: string;
  readonly userName: string;
  readonly secondFactor: 'optional' | 'required';
}

/** The scope by which an OAuth client asks to act for its user, and not only to know who they are. */
export const apiScope = 'api';

const ownIdentity = ['/oauth/userinfo', '/oauth/logout'];
const setUp = ['/session', '/oauth/logout', '/kapis/iam.freehold.io/v1alpha1/account/secondfactor'];

/** Why a session may not be used for this, whatever its user may; `undefined` when it may. */
export function sessionRefusal(
  { method, scopes }: JudgedSession,
  { path, userName, secondFactor }: Judging,
): string | undefined {
  if (scopes && !scopes.includes(apiScope) && !ownIdentity.includes(path))
    return `this token says who its user is; it was not given scope "${apiScope}"`;
  if (secondFactor !== 'required' || method !== 'password') return undefined;
  const password = `/kapis/iam.kubesphere.io/v1alpha2/users/${userName}/password`;
  const isOpen = path === password || setUp.some((one) => path === one || path.startsWith(`${one}/`));
  return isOpen ? undefined : 'this platform asks for a second factor; set one up first';
}
