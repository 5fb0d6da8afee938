/** One setting of an identity provider. `endpoint.authURL` is a part of a part. */
export interface ProviderField {
  readonly key: string;
  readonly kind: 'text' | 'secret' | 'switch' | 'list' | 'certificate';
  readonly needed?: boolean;
}

const text = (key: string): ProviderField => ({ key, kind: 'text' });
const needed = (key: string): ProviderField => ({ key, kind: 'text', needed: true });
const secret = (key: string): ProviderField => ({ key, kind: 'secret' });
const trust: readonly ProviderField[] = [
  { key: 'rootCAData', kind: 'certificate' },
  { key: 'insecureSkipVerify', kind: 'switch' },
];
const client = [needed('clientID'), secret('clientSecret')];
const scopes: ProviderField = { key: 'scopes', kind: 'list' };
const endpoints = ['authURL', 'tokenURL', 'userInfoURL'];

/** What each type of provider asks for, in the order people are told it by the provider. */
export const providerFields = {
  OIDCIdentityProvider: [
    needed('issuer'),
    ...client,
    scopes,
    text('preferredUsernameKey'),
    text('emailKey'),
    text('groupsKey'),
    ...trust,
  ],
  LDAPIdentityProvider: [
    needed('host'),
    { key: 'startTLS', kind: 'switch' },
    needed('managerDN'),
    secret('managerPassword'),
    needed('userSearchBase'),
    needed('loginAttribute'),
    text('userSearchFilter'),
    text('mailAttribute'),
    text('displayNameAttribute'),
    text('groupSearchBase'),
    text('groupSearchFilter'),
    text('userMemberAttribute'),
    text('groupMemberAttribute'),
    ...trust,
  ],
  GitHubIdentityProvider: [...client],
  GitlabIdentityProvider: [...client, ...endpoints.map((key) => text(`endpoint.${key}`)), ...trust],
  OAuth2IdentityProvider: [
    ...client,
    ...endpoints.map((key) => needed(`endpoint.${key}`)),
    scopes,
    text('uidKey'),
    text('usernameKey'),
    text('emailKey'),
    text('displayNameKey'),
    text('groupsKey'),
    ...trust,
  ],
  CASIdentityProvider: [needed('casServerURL'), ...trust],
} as const satisfies Readonly<Record<string, readonly ProviderField[]>>;

export type ProviderType = keyof typeof providerFields;
export const providerTypes = Object.keys(providerFields) as ProviderType[]; // its keys are exactly the types

export type FieldValues = Readonly<Record<string, string | boolean>>;

/** What a form calls a field: a dot would mean a part of a value. */
export function fieldName({ key }: ProviderField): string {
  return `provider_${key.replaceAll('.', '_')}`;
}

function read(settings: Readonly<Record<string, unknown>>, key: string): unknown {
  const [head = '', tail] = key.split('.');
  const value = settings[head];
  if (tail === undefined) return value;
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[tail] : undefined; // an object of JSON
}

/** Settings as a form shows them; secrets are not told and begin empty. */
export function shownValues(
  fields: readonly ProviderField[],
  settings: Readonly<Record<string, unknown>>,
): Record<string, string | boolean> {
  return Object.fromEntries(
    fields.map((field): [string, string | boolean] => {
      const value = read(settings, field.key);
      if (field.kind === 'switch') return [fieldName(field), value === true];
      if (field.kind === 'list') return [fieldName(field), Array.isArray(value) ? value.map(String).join(' ') : ''];
      return [fieldName(field), typeof value === 'string' ? value : ''];
    }),
  );
}

function written({ kind }: ProviderField, value: string | boolean | undefined): unknown {
  if (kind === 'switch') return value === true || undefined;
  const trimmed = typeof value === 'string' ? value.trim() : '';
  if (trimmed === '') return undefined;
  return kind === 'list' ? trimmed.split(/[\s,]+/) : trimmed;
}

/** The settings to send: what the form does not know stays, what was emptied goes, a secret left empty stays as it is. */
export function settingsOf(
  fields: readonly ProviderField[],
  values: FieldValues,
  before: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...before };
  for (const field of fields) {
    const [head = '', tail] = field.key.split('.');
    const value = written(field, values[fieldName(field)]);
    if (tail === undefined) settings[head] = value;
    else settings[head] = { ...(settings[head] as object | undefined), [tail]: value }; // parts of a part are an object
  }
  return JSON.parse(JSON.stringify(settings)) as Record<string, unknown>; // JSON knows no undefined, so what was emptied is gone
}
