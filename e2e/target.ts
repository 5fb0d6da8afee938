import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { root } from '../tools/root.mjs';

/** The real cluster to run on; absent: the embedded one. */
export const realKubeconfig = process.env.FREEHOLD_KUBECONFIG;

/** An image that the cluster can run: on the real one only what tools/real/images.sh made is there. */
export const image = 'localhost/busybox:test';

/** The platform under test with its built console, on whichever cluster this run is for. */
export async function startTarget(options: { podDelayScale?: number; nodes?: number; dataDir?: string } = {}): Promise<TestPlatform> {
  const consoleDir = join(root, 'dist/console');
  if (!existsSync(consoleDir)) throw new Error('the console is not built: run `npm run build` first');
  return startTestPlatform({ ...options, kubeconfig: realKubeconfig, consoleDir });
}

/** A name no earlier run on the same cluster has used. */
export const unique = (prefix: string): string => `${prefix}-${Date.now().toString(36)}`;
