// `npm run dev`: the platform in ./data/dev with a sample to look at, built and started anew when a source changes.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './install.mjs';
import { root } from './root.mjs';

install({ development: true });
const { build } = await import('./build.mjs');
const { seed } = await import('./seed.mjs');
const data = join(root, 'data/dev');
const passwordFile = join(data, 'admin-password');
let child;

function start() {
  const args = [join(root, 'tools/freehold.mjs'), '--data', data, '--verbose', ...process.argv.slice(2)];
  child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    output += chunk;
    if (!output.includes('Ctrl-C')) return;
    const url = /(http:\/\/\S+)/.exec(output)?.[1];
    const password = /admin \/ (\S+)/.exec(output)?.[1];
    output = '';
    if (password) void firstStart(url, password);
    else if (existsSync(passwordFile)) process.stdout.write(`  admin / ${readFileSync(passwordFile, 'utf8')}\n`);
  });
}

async function firstStart(url, password) {
  writeFileSync(passwordFile, password, { mode: 0o600 });
  await seed(url, password);
  process.stdout.write('  Workspace "demo" with project "demo-shop" is there to look at\n');
}

async function restart() {
  try {
    await build();
  } catch {
    return; // the bundler has said what is wrong; the next save tries again
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
  start();
}

let waiting;
for (const folder of ['apps', 'features', 'kit', 'cluster']) {
  watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (!name || /node_modules|dist\/|\.test\./.test(name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => void restart(), 300);
  });
}
await build();
start();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    child.once('close', () => process.exit(0));
    child.kill('SIGTERM');
  });
}
