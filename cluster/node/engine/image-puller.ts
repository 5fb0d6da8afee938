import { createInterface } from 'node:readline';
import type { Configuration } from '../container/configuration.ts';
import { EngineError } from './engine-client.ts';
import type { EnginePod } from './engine-pod.ts';
import type { InspectedImage } from './engine-types.ts';
import type { Engine } from './find-engine.ts';

/** What came of looking for an image: it is there, or why it is not. */
export type PullResult =
  | { readonly found: InspectedImage; readonly pulledMs?: number }
  | { readonly reason: 'ErrImagePull'; readonly message: string };

/** The registry that holds an image; names without one mean Docker's. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}

function hasTag(image: string): boolean {
  return image.includes('@') || (image.split('/').at(-1) ?? '').includes(':');
}

interface Login {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
}

/** The login for a registry in the text of a `.dockerconfigjson`. */
export function loginFor(registry: string, text: string): Login | undefined {
  let auths: Record<string, Login>;
  try {
    auths = (JSON.parse(text) as { auths?: Record<string, Login> }).auths ?? {}; // Docker's form
  } catch {
    return undefined;
  }
  const names = registry === 'docker.io' ? ['docker.io', 'index.docker.io', 'registry-1.docker.io'] : [registry];
  const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  const [, login] = Object.entries(auths).find(([key]) => names.includes(hostOf(key))) ?? [];
  if (!login?.auth) return login;
  const [username = '', ...password] = Buffer.from(login.auth, 'base64').toString().split(':');
  return { username, password: password.join(':') };
}

/** Gets images for pods; the same image is pulled once however many wait for it. */
export class ImagePuller {
  readonly #engine: Engine;
  readonly #configuration: Configuration;
  readonly #pulling = new Map<string, Promise<void>>();

  constructor(engine: Engine, configuration: Configuration) {
    this.#engine = engine;
    this.#configuration = configuration;
  }

  /** Does a container with this policy have to wait for a pull? */
  async present(image: string): Promise<InspectedImage | undefined> {
    try {
      return await this.#engine.client.find<InspectedImage>(`/images/${encodeURIComponent(image)}/json`);
    } catch (error) {
      if (error instanceof EngineError) return undefined; // a name that is none
      throw error;
    }
  }

  /** Pulls the image, with the logins of the pod. */
  async pull(pod: EnginePod, image: string): Promise<PullResult> {
    const started = performance.now();
    const running = this.#pulling.get(image) ?? this.#start(pod, image);
    try {
      await running;
      const found = await this.present(image);
      if (found) return { found, pulledMs: performance.now() - started };
      return { reason: 'ErrImagePull', message: `the engine does not have ${image} after it was pulled` };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return { reason: 'ErrImagePull', message: error.message };
    }
  }

  #start(pod: EnginePod, image: string): Promise<void> {
    const pulling = this.#pull(pod, image).finally(() => this.#pulling.delete(image));
    this.#pulling.set(image, pulling);
    return pulling;
  }

  async #pull(pod: EnginePod, image: string): Promise<void> {
    const login = await this.#login(pod, registryOf(image));
    const auth = login && Buffer.from(JSON.stringify(login)).toString('base64url');
    // Without a tag an engine would pull every one there is.
    const query = { fromImage: hasTag(image) ? image : `${image}:latest` };
    const progress = await this.#engine.client.stream('POST', '/images/create', {
      query,
      headers: auth ? { 'x-registry-auth': auth } : {},
    });
    for await (const line of createInterface({ input: progress })) {
      const { error } = line.trim() ? (JSON.parse(line) as { error?: string }) : {}; // one report of progress
      if (error) throw new EngineError(500, error);
    }
  }

  async #login({ metadata, spec }: EnginePod, registry: string): Promise<Login | undefined> {
    for (const { name = '' } of spec.imagePullSecrets ?? []) {
      const secret = await this.#configuration.source('Secret', metadata.namespace ?? '', { name, optional: true });
      const text = secret?.get('.dockerconfigjson')?.toString();
      const login = text ? loginFor(registry, text) : undefined;
      if (login) return login;
    }
    return undefined;
  }
}
