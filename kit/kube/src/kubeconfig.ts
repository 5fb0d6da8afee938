import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiError, Secret } from '@kit/base';
import { parse } from 'yaml';
import type { Connection } from './connection.ts';

interface Entry {
  readonly name?: string;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface KubeconfigOptions {
  /** Which context; the file's current one unless named. */
  readonly context?: string;
  /** What relative file names in it are relative to: the folder of the file. */
  readonly folder?: string;
}

type Fields = Readonly<Record<string, unknown>>;

function refuse(message: string, cause?: unknown): ApiError {
  return new ApiError('Invalid', `kubeconfig: ${message}`, { cause });
}

function readDocument(text: string): Fields {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    const [why] = String(cause).split('\n');
    throw refuse(`it is not YAML: ${why}`, cause);
  }
  if (typeof document !== 'object' || document === null || !('clusters' in document)) {
    throw refuse('it has no "clusters": this is not a kubeconfig file');
  }
  return { ...document };
}

function entry(entries: unknown, name: string, neededBy: string): Entry {
  const found = Array.isArray(entries) ? (entries as Entry[]).find((one) => one?.name === name) : undefined; // `?.` and `name` guard the rest
  if (!found) throw refuse(`${neededBy} names "${name}", which is not there`);
  return found;
}

function text(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refuse(`"${key}" must be text`);
  return value;
}

/** The PEM of `<key>-data` (base64) or of the file `<key>` names. */
function pem(fields: Fields, key: string, folder: string): string | undefined {
  const data = text(fields, `${key}-data`);
  if (data !== undefined) {
    const decoded = Buffer.from(data, 'base64').toString('utf8');
    if (!decoded.includes('-----BEGIN')) throw refuse(`"${key}-data" is not a PEM file in base64`);
    return decoded;
  }
  const file = text(fields, key);
  if (file === undefined) return undefined;
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch (cause) {
    throw refuse(`"${key}" names the file "${file}", which cannot be read`, cause);
  }
}

function server(cluster: Fields): string {
  const address = text(cluster, 'server');
  if (address === undefined) throw refuse('the cluster has no "server"');
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw refuse(`the server "${address}" is not an http or https address`);
  if (text(cluster, 'proxy-url')) throw refuse('"proxy-url" is not supported');
  return address.replace(/\/+$/, '');
}

function credentials(user: Fields, folder: string): Partial<Connection> {
  for (const plugin of ['exec', 'auth-provider']) {
    if (user[plugin]) {
      throw refuse(
        `the user signs in with "${plugin}", a program that is not run here: use a token or a client certificate`,
      );
    }
  }
  const key = pem(user, 'client-key', folder);
  const token = text(user, 'token');
  const tokenFile = text(user, 'tokenFile');
  const username = text(user, 'username');
  const certificate = pem(user, 'client-certificate', folder);
  if ((certificate === undefined) !== (key === undefined))
    throw refuse('the user has one of client certificate and key without the other');
  return {
    clientCertificatePem: certificate,
    clientKeyPem: key === undefined ? undefined : new Secret(key),
    token: token === undefined ? undefined : new Secret(token),
    tokenFile: tokenFile === undefined ? undefined : resolve(folder, tokenFile),
    basic: username === undefined ? undefined : { username, password: new Secret(text(user, 'password') ?? '') },
  };
}

/** The connection that a context of a kubeconfig file describes. Throws `Invalid` with one sentence on what is wrong. */
export function readKubeconfig(source: string, options: KubeconfigOptions = {}): Connection {
  const folder = options.folder ?? '.';
  const document = readDocument(source);
  const contextName = options.context ?? text(document, 'current-context');
  if (contextName === undefined) throw refuse('it has no "current-context": name a context');
  const context = entry(document.contexts, contextName, 'current-context').context ?? {};
  const clusterName = text(context, 'cluster') ?? '';
  const cluster = entry(document.clusters, clusterName, `context "${contextName}"`).cluster ?? {};
  const userName = text(context, 'user');
  const user = userName === undefined ? {} : (entry(document.users, userName, `context "${contextName}"`).user ?? {});
  return {
    server: server(cluster),
    caPem: pem(cluster, 'certificate-authority', folder),
    serverName: text(cluster, 'tls-server-name'),
    insecureSkipVerify: cluster['insecure-skip-tls-verify'] === true,
    namespace: text(context, 'namespace'),
    ...credentials(user, folder),
  };
}
