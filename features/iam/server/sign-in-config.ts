import { ApiError, readConfig } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import { kinds } from '@kit/kube';
import type { KubeClient, KubeObject } from '@kit/kube';
import type { TObject } from 'typebox';
import { parse, stringify } from 'yaml';
import { fieldManager, systemNamespace } from '../contract/index.ts';
import { builtInClient, identityProvider, oauthClient, signInSettings } from '../rules/sign-in-settings.ts';
import type { IdentityProviderConfig, OAuthClient, SignInSettings } from '../rules/sign-in-settings.ts';
import { importSignIn } from '../rules/sign-in-yaml.ts';
import type { ImportedSignIn } from '../rules/sign-in-yaml.ts';

/** Everything that is configured about signing in. */
export interface LoadedConfig {
  readonly settings: SignInSettings;
  readonly clients: readonly OAuthClient[];
  readonly providers: readonly IdentityProviderConfig[];
}

export type ConfigKind = 'oauthclient' | 'identityprovider';
type ConfigOf = { readonly oauthclient: OAuthClient; readonly identityprovider: IdentityProviderConfig };

const settingsName = 'freehold-sign-in';
const typeLabel = 'config.kubesphere.io/type';
const fileName = 'configuration.yaml';
const schemas: Readonly<Record<ConfigKind, TObject>> = { oauthclient: oauthClient, identityprovider: identityProvider };
// A change made here holds at once; one made by kubectl or another replica within this time.
const keepMs = 5000;

/**
 * The configuration of signing in: Secrets of the platform's namespace, because clients and providers have secrets of
 * their own. What a KubeSphere 3.4 left in its `kubesphere-config` holds until something of the same name is saved here.
 */
export class SignInConfig {
  readonly #kube: KubeClient;
  readonly #clock: Clock;
  readonly #log: Logger;
  #loaded: { readonly atMs: number; readonly config: Promise<LoadedConfig> } | undefined;

  constructor({ kube, clock, log }: { readonly kube: KubeClient; readonly clock: Clock; readonly log: Logger }) {
    this.#kube = kube;
    this.#clock = clock;
    this.#log = log;
  }

  /** What holds now; a change from elsewhere is seen a few seconds later, and what was read last holds while the cluster is away. */
  current(): Promise<LoadedConfig> {
    const now = this.#clock.now();
    const before = this.#loaded;
    if (before && now - before.atMs < keepMs) return before.config;
    const config = this.#load();
    this.#loaded = { atMs: now, config: before?.config ?? config };
    config.then(
      () => (this.#loaded = { atMs: now, config }),
      (error: unknown) => {
        this.#loaded = before && { atMs: now, config: before.config };
        this.#log.warn('configuration of sign-in not read', { error });
      },
    );
    return before?.config ?? config;
  }

  async settings(): Promise<SignInSettings> {
    return (await this.current()).settings;
  }

  async client(name: string): Promise<OAuthClient | undefined> {
    return (await this.current()).clients.find((one) => one.name === name);
  }

  async provider(name: string): Promise<IdentityProviderConfig | undefined> {
    return (await this.current()).providers.find((one) => one.name === name);
  }

  async saveSettings(settings: SignInSettings): Promise<void> {
    await this.#write(settingsName, { type: 'settings', value: settings });
  }

  async save<K extends ConfigKind>(kind: K, value: ConfigOf[K]): Promise<void> {
    await this.#write(`${kind}-${value.name}`, { type: kind, value });
  }

  /** `NotFound` for one that is not stored here: what comes from `kubesphere-config` is taken out there. */
  async remove(kind: ConfigKind, name: string): Promise<void> {
    await this.#kube.delete(kinds.secrets, { namespace: systemNamespace, name: `${kind}-${name}` });
    this.#loaded = undefined;
  }

  async #write(name: string, { type, value }: { readonly type: string; readonly value: object }): Promise<void> {
    const secret: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: systemNamespace, labels: { [typeLabel]: type } },
      type: `config.kubesphere.io/${type}`,
      data: { [fileName]: Buffer.from(stringify(value)).toString('base64') },
    };
    await this.#kube.apply(kinds.secrets, secret, { fieldManager, force: true });
    this.#loaded = undefined;
  }

  async #load(): Promise<LoadedConfig> {
    const [stored, imported] = await Promise.all([
      this.#kube.list(kinds.secrets, { namespace: systemNamespace, labelSelector: typeLabel }),
      this.#imported(),
    ]);
    const settings = stored.items.find(({ metadata }) => metadata.name === settingsName);
    return {
      settings: settings ? (this.#read(settings, signInSettings) ?? imported.settings) : imported.settings,
      clients: byName([
        builtInClient,
        ...imported.clients.filter(({ name }) => name !== builtInClient.name),
        ...this.#readAll(stored.items, 'oauthclient'),
      ]),
      providers: byName([...imported.providers, ...this.#readAll(stored.items, 'identityprovider')]),
    };
  }

  async #imported(): Promise<LoadedConfig> {
    const map = await this.#kube.find(kinds.configmaps, { namespace: systemNamespace, name: 'kubesphere-config' });
    const text = (map?.['data'] as Record<string, string> | undefined)?.['kubesphere.yaml'] ?? ''; // a ConfigMap's data is a map of texts
    const { problems, ...config } = this.#importedFrom(text);
    for (const problem of problems) this.#log.warn('part of kubesphere-config not taken', { problem });
    return config;
  }

  /** What cannot be read is as good as not there: nobody is kept from signing in by another tool's file. */
  #importedFrom(text: string): ImportedSignIn {
    try {
      return importSignIn((readYaml(text) as { authentication?: unknown } | null)?.authentication); // read part by part
    } catch (error) {
      this.#log.warn('kubesphere-config not taken', { error });
      return importSignIn(undefined);
    }
  }

  #readAll<K extends ConfigKind>(secrets: readonly KubeObject[], kind: K): ConfigOf[K][] {
    const own = secrets.filter(({ metadata }) => metadata.labels?.[typeLabel] === kind);
    return own.flatMap((secret) => (this.#read(secret, schemas[kind]) as ConfigOf[K] | undefined) ?? []); // the schema of that kind
  }

  #read<S extends TObject>(secret: KubeObject, schema: S): ReturnType<typeof readConfig<S>> | undefined {
    const data = secret['data'] as Record<string, string>; // a Secret's data is a map of base64 texts
    const text = Buffer.from(data[fileName] ?? '', 'base64').toString('utf8');
    try {
      return readConfig(schema, readYaml(text) as Record<string, unknown>); // readConfig refuses what does not fit
    } catch (error) {
      this.#log.warn('configuration of sign-in not taken', { secret: secret.metadata.name, error });
      return undefined;
    }
  }
}

function readYaml(text: string): unknown {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 });
    return value;
  } catch (cause) {
    throw new ApiError('BadRequest', 'this is not YAML', { cause });
  }
}

function byName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [one.name, one])).values()];
}
