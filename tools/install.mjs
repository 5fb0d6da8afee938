// Installs what is missing, and only that: node_modules absent, older than the lock file, or without what is asked for.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const modules = join(root, 'node_modules');

function upToDate(withDevelopment) {
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) return false;
  return !withDevelopment || existsSync(join(modules, 'vitest'));
}

/** Runs `npm ci` when it has to; `development: true` also wants the tools of tests and checks. */
export function install({ development = false } = {}) {
  if (upToDate(development)) return;
  process.stdout.write('Installing packages (npm ci), once ...\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (!development) args.push('--omit=dev');
  execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
