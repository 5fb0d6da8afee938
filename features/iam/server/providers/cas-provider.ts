import { Type } from 'typebox';
import type { Static } from 'typebox';
import { readCasAnswer } from '../../rules/cas-answer.ts';
import type { Begun, Identity, RedirectProvider } from './provider.ts';
import { providerFetch, unproved, unreachable } from './provider-fetch.ts';

/** The settings of a CAS server, by KubeSphere's names. */
export const casSettings = Type.Object({
  casServerURL: Type.String({ pattern: '^https?://' }),
  redirectURL: Type.Optional(Type.String({ maxLength: 2048 })),
  insecureSkipVerify: Type.Optional(Type.Boolean()),
  rootCAData: Type.Optional(Type.String()),
});

/** CAS protocol 3.0, or 2.0 where the server has no more: the browser comes back with a ticket, which the server is asked about. */
export function casProvider(settings: Static<typeof casSettings>): RedirectProvider {
  const call = providerFetch(settings, [settings.casServerURL]);
  const base = settings.casServerURL.replace(/\/+$/, '');
  return {
    kind: 'redirect',
    begin: (begun) => Promise.resolve(`${base}/login?${new URLSearchParams({ service: serviceOf(begun) }).toString()}`),
    async finish(begun, answer) {
      const ticket = answer.get('ticket') ?? '';
      if (answer.get('state') !== begun.state || ticket === '') throw unproved();
      const query = new URLSearchParams({ service: serviceOf(begun), ticket }).toString();
      return identityOf(await validate(call, base, query));
    },
  };
}

/** What the server says of a ticket. A server without 3.0 has not looked at it when it answers that there is no such page. */
async function validate(call: typeof fetch, base: string, query: string): Promise<string> {
  try {
    const newer = await call(`${base}/p3/serviceValidate?${query}`);
    const response = newer.status === 404 ? await call(`${base}/serviceValidate?${query}`) : newer;
    if (!response.ok) throw new Error(`the CAS server answered ${response.status}`);
    return await response.text();
  } catch (cause) {
    throw unreachable(cause);
  }
}

/** The address a ticket is for; CAS has no state of its own, so it is part of the address. */
function serviceOf({ callbackUrl, state }: Begun): string {
  return `${callbackUrl}${callbackUrl.includes('?') ? '&' : '?'}${new URLSearchParams({ state }).toString()}`;
}

function identityOf(xml: string): Identity {
  const answer = readCasAnswer(xml);
  if (!answer) throw unproved();
  const { user, attribute } = answer;
  const email = attribute('mail', 'email');
  const displayName = attribute('displayName', 'cn');
  return { uid: user, username: user, ...(email ? { email } : {}), ...(displayName ? { displayName } : {}) };
}
