import { createHash } from 'node:crypto';
import { ApiError } from '@kit/base';
import { registryHost, type ImageReference } from '../../rules/image-reference.ts';
import type { OutboundAnswer, OutboundFetch } from '../outbound/outbound-fetch.ts';

export interface Credential {
  readonly username: string;
  readonly password: string;
}

interface Manifest {
  readonly schemaVersion?: number;
  readonly mediaType?: string;
  readonly config?: { readonly mediaType?: string; readonly digest?: string; readonly size?: number };
  readonly layers?: readonly { readonly mediaType?: string; readonly digest?: string; readonly size?: number }[];
  readonly manifests?: readonly {
    readonly digest: string;
    readonly platform?: { readonly os?: string; readonly architecture?: string };
  }[];
}

/** An image as its registry describes it. */
export interface Image {
  readonly manifest: Manifest;
  readonly config: Record<string, unknown>;
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const basic = ({ username, password }: Credential): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** The parameters of a challenge: `Bearer realm="…",service="…",scope="…"`. */
function challengeIn(header: string | null): { scheme: string; parameters: Map<string, string> } {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/.exec(header ?? '') ?? [];
  const parameters = new Map([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  return { scheme: scheme.toLowerCase(), parameters };
}

function parsed(answer: OutboundAnswer, what: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(answer.bytes).toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>; // cast: a non-null object
  } catch {
    // said below, together with what is JSON and no object
  }
  throw new ApiError('BadRequest', `${what} is not what a registry answers`);
}

/** One registry, asked in the protocol of the OCI distribution specification, with a credential or as nobody. */
export class RegistryClient {
  readonly #fetch: OutboundFetch;
  readonly #base: string;
  readonly #host: string;
  readonly #credential: Credential | undefined;
  readonly #insecure: boolean;
  #authorization: string | undefined;

  constructor(
    fetch: OutboundFetch,
    registry: {
      readonly host: string;
      readonly credential?: Credential | undefined;
      readonly insecure?: boolean;
      readonly plain?: boolean;
    },
  ) {
    this.#fetch = fetch;
    this.#host = registryHost(registry.host);
    this.#base = `${registry.plain ? 'http' : 'https'}://${this.#host}/v2/`;
    this.#credential = registry.credential;
    this.#insecure = registry.insecure === true;
  }

  /** Throws unless the registry takes the credential. */
  async verify(): Promise<void> {
    const answer = await this.#ask('');
    if (answer.status === 401 || answer.status === 403)
      throw new ApiError('BadRequest', `${this.#host} does not take this user name and password`);
    if (answer.status !== 200) throw this.#odd(answer);
  }

  async tags(repository: string): Promise<string[]> {
    const answer = await this.#ask(`${repository}/tags/list`);
    if (answer.status !== 200) throw this.#failure(answer, repository);
    const { tags } = parsed(answer, `the list of tags of ${repository}`);
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  }

  /** The manifest and configuration of an image; of many platforms, that of Linux on amd64 or the first. */
  async image({ repository, reference }: ImageReference): Promise<Image> {
    let manifest = await this.#manifest(repository, reference);
    if (manifest.manifests) {
      const all = manifest.manifests;
      const best = all.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64') ?? all[0];
      if (!best) throw new ApiError('NotFound', `${repository}:${reference} is an image for no platform at all`);
      manifest = await this.#manifest(repository, best.digest);
    }
    const digest = manifest.config?.digest;
    if (!digest || !/^sha256:[0-9a-f]{64}$/.test(digest))
      throw new ApiError('BadRequest', `${repository}:${reference} has no configuration that can be read`);
    return { manifest, config: await this.#config(repository, digest) };
  }

  async #manifest(repository: string, reference: string): Promise<Manifest> {
    const answer = await this.#ask(`${repository}/manifests/${reference}`, { accept: manifestTypes });
    if (answer.status !== 200) throw this.#failure(answer, `${repository}:${reference}`);
    return parsed(answer, `the manifest of ${repository}`);
  }

  async #config(repository: string, digest: string): Promise<Record<string, unknown>> {
    const answer = await this.#ask(`${repository}/blobs/${digest}`);
    if (answer.status !== 200) throw this.#failure(answer, `the configuration of ${repository}`);
    if (`sha256:${createHash('sha256').update(answer.bytes).digest('hex')}` !== digest)
      throw new ApiError(
        'BadRequest',
        `${this.#host} answers with something else than the configuration of ${repository}`,
      );
    return parsed(answer, `the configuration of ${repository}`);
  }

  /** Asks, and once more with what the registry's challenge wants. */
  async #ask(path: string, headers: Record<string, string> = {}): Promise<OutboundAnswer> {
    const once = (): Promise<OutboundAnswer> =>
      this.#fetch(`${this.#base}${path}`, {
        insecure: this.#insecure,
        headers: { ...headers, ...(this.#authorization ? { authorization: this.#authorization } : {}) },
      });
    const first = await once();
    if (first.status !== 401) return first;
    const answer = await this.#answerTo(first);
    if (answer === undefined || answer === this.#authorization) return first;
    this.#authorization = answer;
    return once();
  }

  async #answerTo({ headers }: OutboundAnswer): Promise<string | undefined> {
    const { scheme, parameters } = challengeIn(headers.get('www-authenticate'));
    if (scheme === 'basic') return this.#credential && basic(this.#credential);
    const realm = parameters.get('realm') ?? '';
    if (scheme !== 'bearer' || !URL.canParse(realm)) return undefined;
    const url = new URL(realm);
    for (const name of ['service', 'scope']) {
      const value = parameters.get(name);
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return this.#token(url);
  }

  async #token(realm: URL): Promise<string | undefined> {
    // A password leaves encrypted, or for the very server it is meant for.
    const isSafe = realm.protocol === 'https:' || realm.host === this.#host;
    const headers: Record<string, string> =
      this.#credential && isSafe ? { authorization: basic(this.#credential) } : {};
    const answer = await this.#fetch(realm.href, { insecure: this.#insecure, headers });
    if (answer.status !== 200) return undefined;
    const { token, access_token: accessToken } = parsed(answer, 'the token');
    const given = typeof token === 'string' ? token : accessToken;
    return typeof given === 'string' ? `Bearer ${given}` : undefined;
  }

  #failure(answer: OutboundAnswer, what: string): ApiError {
    if (answer.status === 404) return new ApiError('NotFound', `${this.#host} has no ${what}`);
    if (answer.status === 401 || answer.status === 403)
      return new ApiError('BadRequest', `${this.#host} does not show ${what} to this user, or there is none`);
    return this.#odd(answer);
  }

  #odd({ status }: OutboundAnswer): ApiError {
    return new ApiError('ServiceUnavailable', `${this.#host} answers with status ${status}`);
  }
}
