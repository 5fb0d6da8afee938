interface Credentials {
  readonly token?: string;
  readonly 'client-certificate-data'?: string;
  readonly exec?: object;
}

/** What is read of a kubeconfig. */
export interface Kubeconfig {
  readonly users: readonly { readonly name: string; readonly user: Credentials }[];
}

/** The file to save: one that comes without a credential, since it leads to the platform, gets a token made for it. */
export async function completed(config: Kubeconfig, makeToken: () => Promise<string>): Promise<string> {
  const isWhole = config.users.every(({ user }) => Object.keys(user).length > 0);
  if (isWhole) return `${JSON.stringify(config, null, 2)}\n`;
  const token = await makeToken();
  const users = config.users.map(({ name, user }) => ({ name, user: Object.keys(user).length > 0 ? user : { token } }));
  return `${JSON.stringify({ ...config, users }, null, 2)}\n`;
}
