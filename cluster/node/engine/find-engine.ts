import { stat } from 'node:fs/promises';
import { ApiError } from '@kit/base';
import { EngineClient } from './engine-client.ts';
import type { EngineInfo, EngineVersion } from './engine-types.ts';

/** An engine that can run pods on this machine. */
export interface Engine {
  readonly client: EngineClient;
  readonly info: EngineInfo;
  readonly version: EngineVersion;
  readonly isPodman: boolean;
}

/** Where engines listen that belong to the machine and not to one of its users. */
const usualSockets = ['/run/podman/podman.sock', '/run/docker.sock', '/var/run/docker.sock'];

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isSocket(),
    () => false,
  );
}

function isRootless({ Rootless, SecurityOptions }: EngineInfo): boolean {
  return Rootless === true || (SecurityOptions ?? []).some((option) => option.includes('rootless'));
}

async function describe(client: EngineClient): Promise<Engine> {
  const version = await client.json<EngineVersion>('GET', '/version');
  const info = await client.json<EngineInfo>('GET', '/info');
  const isPodman = (version.Components ?? []).some(({ Name }) => Name.startsWith('Podman'));
  return { client, info, version, isPodman };
}

/**
 * The engine behind `wanted`: the path of a Unix socket, or `auto` for the first that is found. Rejects with a sentence
 * when there is none, or when its pods could not be reached from this process.
 */
export async function findEngine(wanted: string): Promise<Engine> {
  const path = wanted.replace(/^unix:\/\//, '');
  const candidates = path === 'auto' ? usualSockets : [path];
  for (const candidate of candidates) {
    if (!(await isSocket(candidate))) continue;
    const engine = await describe(new EngineClient(candidate));
    if (isRootless(engine.info) || process.getuid?.() !== 0)
      throw new ApiError(
        'Invalid',
        `the engine at ${candidate} cannot be used: pods get addresses and Services, for which the engine and this process need to run as root`,
      );
    return engine;
  }
  const looked = candidates.join(', ');
  throw new ApiError('Invalid', `no container engine listens at ${looked}; start one, e.g. podman system service`);
}
