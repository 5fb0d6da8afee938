import type { IdentityProviderConfig } from './sign-in-settings.ts';

const isSecret = (key: string): boolean => /secret|password|token|privatekey/i.test(key);

/** A provider as answers show it: what could be a secret is only said to be there. */
export function shownProvider({ provider, ...config }: IdentityProviderConfig): object {
  const shown = Object.entries(provider).filter(([key]) => !isSecret(key));
  const secrets = Object.keys(provider).filter((key) => isSecret(key) && provider[key] !== '');
  return { ...config, provider: Object.fromEntries(shown), secrets };
}
