import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/root.mjs';
import { kubectlWith } from '../kubectl.ts';

/** Namespaces that the scenario and the installation of this folder make. */
const own = ['shop', 'shop-web', 'pipes-7zk4q', 'kubesphere-controls-system', 'kubesphere-system'];

/** Takes a platform of before, and what tests of this folder made, off a real cluster that other tests use too. */
export async function clearPlatform(kubeconfig: string): Promise<void> {
  const kubectl = kubectlWith(kubeconfig);
  const data = mkdtempSync(join(tmpdir(), 'freehold-clear-'));
  const args = ['--data', data, '--kubeconfig', kubeconfig, '--uninstall'];
  const run = spawnSync(process.execPath, [join(root, 'tools/freehold.mjs'), ...args], { encoding: 'utf8' });
  rmSync(data, { recursive: true, force: true });
  if (run.status !== 0) throw new Error(run.stderr);
  const kinds = (await kubectl(['get', 'crds', '-o', 'name'])).stdout
    .split('\n')
    .filter((kind) => /kubesphere\.io$/.test(kind));
  if (kinds.length > 0) await kubectl(['delete', ...kinds, '--timeout=60s']);
  await kubectl(['delete', 'namespace', ...own, '--ignore-not-found', '--timeout=60s']);
}
