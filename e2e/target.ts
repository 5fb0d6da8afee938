import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { annotations, iamTypes, type UserObject } from '@feature/iam/contract';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { expect, vi } from 'vitest';
import { root } from '../tools/root.mjs';

/** The real cluster to run on; absent: the embedded one. */
export const realKubeconfig = process.env.FREEHOLD_KUBECONFIG;

/** An image that the cluster can run: on the real one only what tools/real/images.sh made is there. */
export const image = 'localhost/busybox:test';

/** On a cluster where an earlier run left its administrator, the password is set as the operations guide says. */
async function resetAdmin(platform: TestPlatform): Promise<TestPlatform> {
  const password = 'Set-anew-2026';
  const patch = { metadata: { annotations: { [annotations.uninitialized]: 'true' } }, spec: { password } };
  await platform.kube.patch(iamTypes.users, { name: 'admin' }, patch, { type: 'merge' });
  const isStored = async (): Promise<boolean> => {
    const { spec } = await platform.kube.get<UserObject>(iamTypes.users, { name: 'admin' });
    return spec.password !== password;
  };
  await vi.waitFor(async () => expect(await isStored()).toBe(true), { timeout: 40_000, interval: 200 }); // the leader of an earlier run may have to expire first
  return {
    ...platform,
    password,
    signIn: (username = 'admin', secret = password) => platform.signIn(username, secret),
  };
}

/** The platform under test with its built console, on whichever cluster this run is for. */
export async function startTarget(
  options: { podDelayScale?: number; nodes?: number; dataDir?: string; admissionHost?: string } = {},
): Promise<TestPlatform> {
  const consoleDir = join(root, 'dist/console');
  if (!existsSync(consoleDir)) throw new Error('the console is not built: run `npm run build` first');
  const platform = await startTestPlatform({ ...options, kubeconfig: realKubeconfig, consoleDir });
  return platform.password ? platform : resetAdmin(platform);
}

/** A name no earlier run on the same cluster has used. */
export const unique = (prefix: string): string => `${prefix}-${Date.now().toString(36)}`;
