import { describe, expect, it } from 'vitest';
import { messages } from '../messages/en.ts';
import { fieldName, providerFields, settingsOf, shownValues } from './provider-fields.ts';

const oauth = providerFields.OAuth2IdentityProvider;
const given = {
  clientID: 'freehold',
  endpoint: { authURL: 'https://id.example.com/a', emailsURL: 'https://id.example.com/mails' },
  scopes: ['openid', 'email'],
  redirectURL: 'https://platform.example.com/oauth/callback/id',
};

describe('the settings of a provider', () => {
  it('come out of the form as they went in, with what the form does not show', () => {
    expect(settingsOf(oauth, shownValues(oauth, given), given)).toEqual(given);
  });

  it('lose what was emptied', () => {
    const values = { ...shownValues(oauth, given), [fieldName({ key: 'scopes', kind: 'list' })]: ' ' };
    expect(settingsOf(oauth, values, given)).not.toHaveProperty('scopes');
  });

  it('leave a secret out that nobody typed, and a switch that is off', () => {
    const ldap = providerFields.LDAPIdentityProvider;
    const sent = settingsOf(ldap, shownValues(ldap, { host: 'ldap.example.com', startTLS: false }), {});
    expect(sent).toEqual({ host: 'ldap.example.com' });
  });

  it('have their words, each', () => {
    const keys = Object.values(providerFields).flatMap((fields) => fields.map(({ key }) => key.split('.').at(-1)));
    expect(keys.filter((key) => !(`providers.field.${key}` in messages))).toEqual([]);
  });
});
