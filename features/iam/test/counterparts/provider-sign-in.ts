import type { TestPlatform } from '@kit/testing';
import { expect } from 'vitest';
import { Visitor } from './visitor.ts';

export const signInApi = '/kapis/iam.freehold.io/v1alpha1';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;

/** Saves an identity provider as an administrator does. */
export async function saveProvider(admin: Session, name: string, more: Record<string, unknown>): Promise<void> {
  const answer = await admin.call('PUT', `${signInApi}/identityproviders/${name}`, { name, ...more });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
}

/** How a browser came back from a provider. */
export interface Return {
  readonly visitor: Visitor;
  /** The address that the provider sent the browser to. */
  readonly url: string;
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

export interface Going {
  readonly provider: string;
  readonly fillIn: (html: string) => Record<string, string>;
  readonly visitor?: Visitor;
  /** Of `/oauth/login/{provider}`. */
  readonly query?: string;
}

/** Goes to the provider, and stops where it sends the browser back to the platform. */
export async function away(platform: TestPlatform, going: Going): Promise<{ visitor: Visitor; url: string }> {
  const { provider, fillIn, visitor = new Visitor(), query = '' } = going;
  const isEnd = (url: string): boolean => url.startsWith(`${platform.url}/oauth/callback/`);
  return { visitor, url: await visitor.follow(`${platform.url}/oauth/login/${provider}${query}`, { isEnd, fillIn }) };
}

/** Goes to the provider and comes back. */
export async function byProvider(platform: TestPlatform, going: Going): Promise<Return> {
  const { visitor, url } = await away(platform, going);
  const back = await visitor.send(url);
  const location = back.headers.get('location') ?? '';
  return { visitor, url, status: back.status, location, text: await back.text() };
}

/** The sentence that the sign-in page is given to show. */
export function problemOf({ location }: Return): string {
  return new URL(location, 'http://platform').searchParams.get('signInProblem') ?? '';
}
