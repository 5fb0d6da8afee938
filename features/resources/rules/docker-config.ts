/** Who a Secret signs in as at a registry. */
export interface RegistryCredential {
  readonly username: string;
  readonly password: string;
  /** The server as the Secret writes it. */
  readonly server: string;
}

interface Entry {
  readonly username?: unknown;
  readonly password?: unknown;
  readonly auth?: unknown;
}

const decoded = (text: string): string => Buffer.from(text, 'base64').toString();

function hostOf(server: string): string {
  const host = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function credentialIn(server: string, entry: Entry): RegistryCredential | undefined {
  const [user, ...rest] = typeof entry.auth === 'string' ? decoded(entry.auth).split(':') : [];
  const username = typeof entry.username === 'string' ? entry.username : user;
  const password = typeof entry.password === 'string' ? entry.password : rest.join(':');
  return username ? { username, password, server } : undefined;
}

/** Every credential of a Secret of type kubernetes.io/dockerconfigjson (or the older dockercfg). */
export function credentialsIn(data: Readonly<Record<string, string>>): RegistryCredential[] {
  const [config, older] = [data['.dockerconfigjson'], data['.dockercfg']];
  const text = config ?? older;
  if (text === undefined) return [];
  try {
    const parsed = JSON.parse(decoded(text)) as { auths?: Record<string, Entry> } & Record<string, Entry>; // cast: looked at entry by entry
    return Object.entries((config === undefined ? parsed : parsed.auths) ?? {}).flatMap(
      ([server, entry]) => credentialIn(server, entry) ?? [],
    );
  } catch {
    return []; // whoever wrote the Secret wrote no configuration
  }
}

/** The credential that a Secret has for a registry. */
export function credentialFor(
  data: Readonly<Record<string, string>>,
  registry: string,
): RegistryCredential | undefined {
  return credentialsIn(data).find(({ server }) => hostOf(server) === hostOf(registry));
}
