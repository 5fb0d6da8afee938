import { ApiError, isApiError, timestamp } from '@kit/base';
import type { Clock } from '@kit/base';
import type { KubeClient, KubeObject, View } from '@kit/kube';
import { apiVersionOf, fieldManager, iamTypes, labels, userFinalizer } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { uidLabel, userNameFrom } from '../rules/identity-label.ts';
import type { IdentityProviderConfig } from '../rules/sign-in-settings.ts';
import { awaitRow } from './await-row.ts';
import type { Identity } from './providers/provider.ts';
import type { Tickets } from './tickets.ts';

export interface IdentityMappingDeps {
  readonly kube: KubeClient;
  readonly users: View<UserObject>;
  readonly tickets: Tickets;
  readonly clock: Clock;
  /** Whether rights are bound to a name already, in the cluster's own bindings or left over. */
  readonly hasRights: (userName: string) => boolean;
}

/** A person whom a provider vouches for: an account, or a ticket with which they make one. */
export type Mapped =
  { readonly state: 'user'; readonly user: UserObject } | { readonly state: 'registration'; readonly ticket: string };

/** What a registration ticket stands for. */
export interface Registration {
  readonly provider: string;
  readonly identity: Identity;
  /** Whether an account that exists may be linked instead, by proving its password. */
  readonly mayLink: boolean;
  /** Whether the provider was shown a password, as a directory is. */
  readonly byPassword: boolean;
}

/** An identity, and how the provider came to vouch for it. */
export type VouchedIdentity = Pick<Registration, 'identity' | 'byPassword'>;

/** The account that was made of a registration. */
export interface Registered {
  readonly name: string;
  readonly uid: string;
  readonly provider: string;
  readonly byPassword: boolean;
}

export interface NewAccount {
  readonly name: string;
  readonly email: string;
  readonly displayName?: string;
}

const registrationLifeMs = 900_000;
const tries = 20;

/** Finds the account of an identity, or what is to become one. */
export class IdentityMapping {
  readonly #deps: IdentityMappingDeps;

  constructor(deps: IdentityMappingDeps) {
    this.#deps = deps;
  }

  async map(config: IdentityProviderConfig, { identity, byPassword }: VouchedIdentity): Promise<Mapped> {
    const user = await this.#find(config.name, identity.uid);
    if (user) return { state: 'user', user: active(user) };
    if (config.mappingMethod === 'lookup')
      throw new ApiError(
        'Unauthorized',
        'nobody with an account here is known under this identity; an administrator makes accounts',
      );
    if (config.mappingMethod === 'generate') return { state: 'user', user: await this.#generate(config, identity) };
    const mayLink = config.mappingMethod === 'mixed';
    const made = config.disableLoginConfirmation && !mayLink ? await this.#unasked(config, identity) : undefined;
    if (made) return { state: 'user', user: made };
    const registration: Registration = { provider: config.name, identity, mayLink, byPassword };
    return {
      state: 'registration',
      ticket: await this.#deps.tickets.make('registration', registration, registrationLifeMs),
    };
  }

  /** The account as the provider names the person; `undefined` when that is not enough, or taken. */
  async #unasked({ name: provider }: IdentityProviderConfig, identity: Identity): Promise<UserObject | undefined> {
    const name = userNameFrom(identity.username);
    if (!identity.email || name === '') return undefined;
    return this.#create(provider, identity, { name, email: identity.email }).catch(ignoreTaken);
  }

  /** Makes the account of a registration; what is wrong with it leaves the ticket to try again. */
  async register(ticket: string, account: NewAccount): Promise<UserObject> {
    const registration = await this.registrationOf(ticket);
    const { identity, provider, byPassword } = registration;
    if (identity.email && identity.email.toLowerCase() !== account.email.toLowerCase())
      throw invalid('email', 'the address is the one that the identity provider vouches for');
    const user = await this.#create(provider, identity, account);
    await this.#deps.tickets.take('registration', ticket);
    const registered: Registered = { name: user.metadata.name, uid: user.metadata.uid ?? '', provider, byPassword };
    await this.#deps.tickets.put('registered', ticket, { value: registered, lifeMs: registrationLifeMs });
    return user;
  }

  /** Who a registration became, for whoever brings its ticket back, once. */
  registered(ticket: string): Promise<Registered | undefined> {
    return this.#deps.tickets.take<Registered>('registered', ticket);
  }

  /** Lets the identity of a registration sign in to an account whose owner has proved it theirs. */
  async link(ticket: string, user: UserObject): Promise<UserObject> {
    const { mayLink, provider, identity } = await this.registrationOf(ticket);
    if (!mayLink) throw this.notLinked();
    await this.#deps.tickets.take('registration', ticket);
    const patch = { metadata: { labels: { [linkLabel(provider)]: uidLabel(identity.uid) } } };
    return this.#deps.kube.patch<UserObject>(iamTypes.users, { name: user.metadata.name }, patch, {
      type: 'merge',
      fieldManager,
    });
  }

  notLinked(): ApiError {
    return new ApiError('Forbidden', 'this identity provider is not linked to accounts that exist');
  }

  /** Takes a registration back, if there is one. */
  async forget(ticket: string): Promise<void> {
    await this.#deps.tickets.take('registration', ticket);
  }

  async registrationOf(ticket: string): Promise<Registration> {
    const registration = await this.#deps.tickets.look<Registration>('registration', ticket);
    if (!registration) throw new ApiError('Unauthorized', 'this registration is not under way any more; sign in again');
    return registration;
  }

  /** Asked of the cluster: an account made on another replica a moment ago is one. */
  async #find(provider: string, uid: string): Promise<UserObject | undefined> {
    const value = uidLabel(uid);
    const selectors = [
      `${labels.identityProvider}=${provider},${labels.originUid}=${value}`,
      `${linkLabel(provider)}=${value}`,
    ];
    for (const labelSelector of selectors) {
      const { items } = await this.#deps.kube.list<UserObject>(iamTypes.users, { labelSelector });
      if (items.length > 1)
        throw new ApiError('Unauthorized', 'two accounts are mapped to this identity; ask an administrator');
      if (items[0]) return items[0];
    }
    return undefined;
  }

  /** The name as it is at the provider, or with a number behind it. */
  async #generate({ name: provider }: IdentityProviderConfig, identity: Identity): Promise<UserObject> {
    const base = userNameFrom(identity.username) || 'user';
    const email = identity.email ?? `${base}@${provider}.invalid`;
    for (let n = 1; n <= tries; n += 1) {
      const name = n === 1 ? base : `${base}-${n}`;
      const made = await this.#create(provider, identity, { name, email }).catch(ignoreTaken);
      if (made) return made;
    }
    throw new ApiError('Conflict', `no name like "${base}" is free, or the e-mail address has an account already`);
  }

  async #create(provider: string, identity: Identity, account: NewAccount): Promise<UserObject> {
    const { kube, users, clock } = this.#deps;
    const { name, email, displayName = identity.displayName } = account;
    this.#checkEmail(email);
    // Nobody looks at what this person asks for: they must not begin with the rights of whoever was meant.
    if (this.#deps.hasRights(name)) throw invalid('name', `the name "${name}" is not free`);
    const object: UserObject = {
      apiVersion: apiVersionOf(iamTypes.users),
      kind: iamTypes.users.kind,
      metadata: {
        name,
        labels: { [labels.identityProvider]: provider, [labels.originUid]: uidLabel(identity.uid) },
        finalizers: [userFinalizer],
      },
      spec: { email, ...(displayName ? { displayName } : {}) },
      status: { state: 'Active', lastTransitionTime: timestamp(clock.now()) },
    };
    const made = await kube.create<UserObject>(iamTypes.users, object, { fieldManager });
    await awaitRow(clock, users, () => users.get('', name) !== undefined);
    return made;
  }

  #checkEmail(email: string): void {
    for (const row of this.#deps.users.rows()) {
      if (row.object().spec.email.toLowerCase() !== email.toLowerCase()) continue;
      throw invalid('email', `another user has the e-mail address "${email}"`);
    }
  }
}

function active(user: UserObject): UserObject {
  if (user.status?.state === 'Disabled' || user.metadata.deletionTimestamp)
    throw new ApiError('Unauthorized', 'account is not active');
  return user;
}

export const linkPrefix = 'identity.iam.freehold.io/';

/** Beside the label of the provider that made the account: identities of others that were linked to it. */
export function linkLabel(provider: string): string {
  return `${linkPrefix}${provider}`;
}

function ignoreTaken(error: unknown): undefined {
  if (isApiError(error, 'AlreadyExists') || isApiError(error, 'Invalid')) return undefined;
  throw error;
}

function invalid(field: string, message: string): ApiError {
  return new ApiError('Invalid', message, { details: { causes: [{ field, message, reason: 'FieldValueInvalid' }] } });
}

/** Brings the user's groups in step with what a provider says: bindings it made and no longer stands for go. */
export async function syncGroups(
  { kube }: Pick<IdentityMappingDeps, 'kube'>,
  user: UserObject,
  { config, identity }: { readonly config: IdentityProviderConfig; readonly identity: Identity },
): Promise<void> {
  const { name } = user.metadata;
  const wanted = new Set((identity.groups ?? []).flatMap((group) => config.groups?.[group] ?? []));
  const labelSelector = `${labels.userRef}=${name},${fromProvider}=${config.name}`;
  const { items } = await kube.list(iamTypes.groupBindings, { labelSelector });
  for (const binding of items) {
    const group = binding.metadata.labels?.[labels.groupRef] ?? '';
    if (wanted.delete(group)) continue;
    await kube.delete(iamTypes.groupBindings, { name: binding.metadata.name }).catch(ignoreMissing);
  }
  for (const group of wanted) {
    if (!(await kube.find(iamTypes.groups, { name: group }))) continue;
    await kube.create(iamTypes.groupBindings, bindingOf(user, group, config.name), { fieldManager });
  }
}

const fromProvider = 'iam.freehold.io/identity-provider';

function bindingOf({ metadata: { name } }: UserObject, group: string, provider: string): KubeObject {
  const metadata = {
    generateName: `${group}-`,
    labels: { [labels.userRef]: name, [labels.groupRef]: group, [fromProvider]: provider },
  };
  return {
    apiVersion: apiVersionOf(iamTypes.groupBindings),
    kind: iamTypes.groupBindings.kind,
    metadata: metadata as unknown as KubeObject['metadata'], // the name is the server's to make
    groupRef: { apiGroup: iamTypes.groups.group, kind: iamTypes.groups.kind, name: group },
    users: [name],
  };
}

function ignoreMissing(error: unknown): void {
  if (!isApiError(error, 'NotFound')) throw error;
}
