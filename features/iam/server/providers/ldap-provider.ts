import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import {
  Client,
  FilterParser,
  InappropriateAuthError,
  InvalidCredentialsError,
  SizeLimitExceededError,
  UnwillingToPerformError,
  escapeFilter,
} from 'ldapts';
import type { Entry, SearchOptions } from 'ldapts';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { bareHost } from '../../rules/address-reach.ts';
import { checkPlace } from './guarded-lookup.ts';
import type { Identity, PasswordProvider } from './provider.ts';
import { caOf, unreachable } from './provider-fetch.ts';

const text = Type.Optional(Type.String({ maxLength: 2048 }));

/** The settings of a directory, by KubeSphere's names. */
export const ldapSettings = Type.Object({
  /** `host:port`, which is plain, or over TLS at port 636; or a whole `ldap://` or `ldaps://` address. */
  host: Type.String({ minLength: 1 }),
  managerDN: Type.String(),
  managerPassword: Type.String(),
  userSearchBase: Type.String(),
  userSearchFilter: text,
  loginAttribute: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9;-]*$' }),
  mailAttribute: text,
  displayNameAttribute: text,
  groupSearchBase: text,
  groupSearchFilter: text,
  /** Of a group: what lists its members. */
  userMemberAttribute: Type.Optional(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9;-]*$' })),
  /** Of a user: what their groups list them by; without it, their DN. */
  groupMemberAttribute: text,
  readTimeout: Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000 })),
  startTLS: Type.Optional(Type.Boolean()),
  insecureSkipVerify: Type.Optional(Type.Boolean()),
  /** A file with certificates on the server's machine; or their text. */
  rootCA: text,
  rootCAData: Type.Optional(Type.String()),
});

type LdapSettings = Static<typeof ldapSettings>;

const defaultTimeoutMs = 15_000;
// Directories limit how much they answer at once, often to 500 or 1000 entries.
const pageSize = 200;

/** A directory: the manager finds the user, and the user's own bind proves the password. */
export function ldapProvider(settings: LdapSettings): PasswordProvider {
  checkFilter('userSearchFilter', settings.userSearchFilter);
  checkFilter('groupSearchFilter', settings.groupSearchFilter);
  return {
    kind: 'password',
    async signIn(username, password) {
      // A bind without a password is a bind as nobody, and succeeds.
      if (username === '' || password === '') return undefined;
      try {
        return await withDirectory(settings, async (directory) => {
          await directory.bind(settings.managerDN, settings.managerPassword);
          const entry = await findUser(directory, settings, username);
          if (!entry || !(await isPasswordOf(settings, entry.dn, password))) return undefined;
          return identityOf(settings, entry, await groupsOf(directory, settings, entry));
        });
      } catch (cause) {
        throw unreachable(cause);
      }
    },
  };
}

/** Half a filter would take what stands beside it for a part of itself. */
function checkFilter(field: string, filter = ''): void {
  if (filter === '') return;
  try {
    FilterParser.parseString(bracketed(filter));
  } catch (cause) {
    throw new Error(`${field} is not a filter such as (objectClass=person)`, { cause });
  }
}

/** A connection of its own for each question: a bind changes who a connection is. */
async function withDirectory<T>(settings: LdapSettings, work: (directory: Client) => Promise<T>): Promise<T> {
  const { url, tls } = await addressOf(settings);
  const timeout = settings.readTimeout ?? defaultTimeoutMs;
  // The library takes options of TLS as the wish for it, whatever the address says.
  const secure = url.startsWith('ldaps:') ? { tlsOptions: tls } : {};
  const directory = new Client({ url, timeout, connectTimeout: timeout, ...secure });
  try {
    if (settings.startTLS && url.startsWith('ldap:')) await directory.startTLS(tls);
    return await work(directory);
  } finally {
    await directory.unbind().catch(() => undefined);
  }
}

async function addressOf(settings: LdapSettings): Promise<{ readonly url: string; readonly tls: ConnectionOptions }> {
  const { host, startTLS, rootCA, rootCAData } = settings;
  const scheme = host.endsWith(':636') && !startTLS ? 'ldaps' : 'ldap';
  const url = /^ldaps?:\/\//.test(host) ? host : `${scheme}://${host}`;
  const ca = caOf(rootCAData) ?? (rootCA ? await readFile(rootCA, 'utf8') : undefined);
  const hostname = bareHost(new URL(url).hostname);
  await checkPlace(hostname);
  const tls = { rejectUnauthorized: settings.insecureSkipVerify !== true, ...(ca === undefined ? {} : { ca }) };
  // What the certificate is for is told apart: an address is no name that TLS could send along.
  return { url, tls: isIP(hostname) ? { ...tls, host: hostname } : { ...tls, servername: hostname } };
}

async function findUser(directory: Client, settings: LdapSettings, username: string): Promise<Entry | undefined> {
  const { loginAttribute, userSearchFilter } = settings;
  const byName = `(${loginAttribute}=${escapeFilter`${username}`})`;
  const filter = userSearchFilter ? `(&${byName}${bracketed(userSearchFilter)})` : byName;
  const search = directory.search(settings.userSearchBase, { scope: 'sub', filter, sizeLimit: 2 });
  const { searchEntries } = await search.catch((error: unknown) => {
    if (error instanceof SizeLimitExceededError) return { searchEntries: [] };
    throw error;
  });
  // Two entries of one name are nobody, and so are more.
  return searchEntries.length === 1 ? searchEntries[0] : undefined;
}

function bracketed(filter: string): string {
  return filter.startsWith('(') ? filter : `(${filter})`;
}

// A wrong password, an entry that has none, and an account that the directory has locked.
const refusals = [InvalidCredentialsError, InappropriateAuthError, UnwillingToPerformError];

function isPasswordOf(settings: LdapSettings, dn: string, password: string): Promise<boolean> {
  return withDirectory(settings, async (directory) => {
    try {
      await directory.bind(dn, password);
      return true;
    } catch (error) {
      if (refusals.some((one) => error instanceof one)) return false;
      throw error;
    }
  });
}

async function groupsOf(directory: Client, settings: LdapSettings, entry: Entry): Promise<string[]> {
  const { groupSearchBase, groupSearchFilter, userMemberAttribute = 'member', groupMemberAttribute } = settings;
  if (!groupSearchBase) return [];
  const listedAs = groupMemberAttribute ? valueOf(entry, groupMemberAttribute) : entry.dn;
  if (!listedAs) return [];
  const byMember = `(${userMemberAttribute}=${escapeFilter`${listedAs}`})`;
  const filter = groupSearchFilter ? `(&${byMember}${bracketed(groupSearchFilter)})` : byMember;
  const options: SearchOptions = { scope: 'sub', filter, attributes: ['cn'], paged: { pageSize } };
  const { searchEntries } = await directory.search(groupSearchBase, options);
  return searchEntries.flatMap((group) => [group.dn, ...(valueOf(group, 'cn') ? [valueOf(group, 'cn') ?? ''] : [])]);
}

function identityOf(settings: LdapSettings, entry: Entry, groups: readonly string[]): Identity {
  const username = valueOf(entry, settings.loginAttribute) ?? '';
  const email = valueOf(entry, settings.mailAttribute ?? 'mail');
  const displayName = valueOf(entry, settings.displayNameAttribute ?? 'displayName');
  return { uid: username, username, groups, ...(email ? { email } : {}), ...(displayName ? { displayName } : {}) };
}

function valueOf(entry: Entry, attribute: string): string | undefined {
  const value = Object.entries(entry).find(([name]) => name.toLowerCase() === attribute.toLowerCase())?.[1];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first !== 'string' && !Buffer.isBuffer(first)) return undefined;
  return first.toString() || undefined;
}
