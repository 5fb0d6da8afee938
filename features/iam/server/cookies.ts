import { cookieName } from './credentials.ts';

const awayCookie = 'freehold-sign-in';
const registrationCookie = 'freehold-registration';

// Not marked Secure: the server speaks plain HTTP, and is reached by TLS only through what stands in front of it.
function cookie(name: string, value: string, rest: string): string {
  return `${name}=${value}; HttpOnly; ${rest}`;
}

/** The console's session. */
export function sessionCookie(value: string, maxAgeSeconds: number): string {
  return cookie(cookieName, value, `Path=/; SameSite=Strict; Max-Age=${maxAgeSeconds}`);
}

/** Marks the browser that went to an identity provider; Lax, because it comes back from another site. */
export function awayMark(value: string, maxAgeSeconds = 600): string {
  return cookie(awayCookie, value, `Path=/oauth/callback; SameSite=Lax; Max-Age=${maxAgeSeconds}`);
}

/** Holds a registration while the person chooses a name. */
export function registrationMark(value: string, maxAgeSeconds = 900): string {
  return cookie(registrationCookie, value, `Path=/session; SameSite=Strict; Max-Age=${maxAgeSeconds}`);
}

export function awayMarkOf(header: string | undefined): string {
  return valueOf(header, awayCookie);
}

export function registrationMarkOf(header: string | undefined): string {
  return valueOf(header, registrationCookie);
}

function valueOf(header = '', wanted: string): string {
  for (const pair of header.split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name === wanted) return value;
  }
  return '';
}
