import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder, startPlatform, type Platform } from '@app/single';
import { silentLogger, type Logger } from '@kit/base';
import { signIn, type Session } from './sign-in.ts';

export interface TestPlatformOptions {
  /** A real cluster to run on instead of the embedded one. */
  readonly kubeconfig?: string;
  /** An address at which that cluster reaches this machine, for its webhooks. */
  readonly admissionHost?: string;
  readonly consoleDir?: string;
  readonly nodes?: number;
  /** 0 (default) runs simulated pods at once; 1 as slowly as life. */
  readonly podDelayScale?: number;
  /** Keeps the data here instead of in a folder that ends with the platform. */
  readonly dataDir?: string;
  /** A Redis that several platforms on one cluster share. */
  readonly redis?: string;
  readonly log?: Logger;
  /** How often open streams are asked about when no right changes. */
  readonly recheckMs?: number;
}

export interface TestPlatform extends Platform {
  readonly dataDir: string;
  /** The password of `admin`, which only the first start on a data folder tells. */
  readonly password: string;
  /** A signed-in user of the API. */
  signIn(username?: string, password?: string): Promise<Session>;
}

/** The whole platform in this process, on a free port and a temporary folder, behind real HTTP. */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'freehold-'));
  const folder = openDataFolder(dataDir);
  const config = {
    host: '127.0.0.1',
    port: 0,
    nodes: options.nodes ?? 3,
    podDelayScale: options.podDelayScale ?? 0,
    kubeconfig: options.kubeconfig,
    admissionHost: options.admissionHost,
    consoleDir: options.consoleDir,
    redis: options.redis,
  };
  const platform = await startPlatform(config, folder, {
    log: options.log ?? silentLogger,
    ...(options.recheckMs === undefined ? {} : { recheckMs: options.recheckMs }),
  });
  const password = platform.admin?.password.reveal() ?? '';
  await platform.admin?.told();
  return {
    ...platform,
    dataDir,
    password,
    signIn: (username = 'admin', secret = password) => signIn(platform.url, username, secret),
    async stop() {
      await platform.stop();
      folder.release();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
