// Builds dist/: the server as one bundle, the console as static files. Does nothing where nothing has changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const dist = join(root, 'dist');
const serverSources = [
  'apps/single',
  'apps/server',
  'apps/controllers',
  'features',
  'kit',
  'cluster',
  'tools/build.mjs',
  'package-lock.json',
];
const consoleSources = ['apps/console', 'features', 'kit/ui', 'kit/base', 'tools/build.mjs', 'package-lock.json'];

function* files(path) {
  if (!statSync(path).isDirectory()) return yield path;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.includes('.test.')) continue;
    yield* files(join(path, entry.name));
  }
}

/** Names, sizes and times of all sources: what decides whether a build is still good. */
function stampOf(sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of files(join(root, source))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

async function buildServer() {
  const esbuild = await import('esbuild');
  rmSync(join(dist, 'single'), { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'apps/single/src/main.ts', out: 'main' },
      { in: 'apps/single/src/cluster-main.ts', out: 'cluster-main' },
      { in: 'cluster/apiserver/storage/commit-worker.js', out: 'commit-worker' },
    ],
    outdir: join(dist, 'single'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    external: ['@photostructure/sqlite', '@node-rs/argon2'], // native: they find their binaries beside themselves
    banner: {
      js: "import { createRequire as bundledRequire } from 'node:module';\nconst require = bundledRequire(import.meta.url);",
    }, // CommonJS packages ask for it
    logLevel: 'warning',
  });
  // cluster/data reads its files beside itself, which in the bundle is beside main.js
  for (const file of readdirSync(join(root, 'cluster/data')).filter((name) => name.endsWith('.json'))) {
    cpSync(join(root, 'cluster/data', file), join(dist, 'single', file));
  }
}

async function buildConsole() {
  const vite = await import('vite');
  await vite.build({
    configFile: join(root, 'apps/console/vite.config.ts'),
    root: join(root, 'apps/console'),
    logLevel: 'warn',
  });
  rmSync(join(dist, 'console'), { recursive: true, force: true });
  cpSync(join(root, 'apps/console/dist'), join(dist, 'console'), { recursive: true });
}

const parts = [
  { name: 'server', sources: serverSources, make: buildServer },
  { name: 'console', sources: consoleSources, make: buildConsole },
];

const stampFileOf = ({ name }) => join(dist, `.${name}.stamp`);

function isBuilt(part) {
  const file = stampFileOf(part);
  return existsSync(file) && readFileSync(file, 'utf8') === stampOf(part.sources);
}

async function buildHere() {
  for (const part of parts.filter((one) => !isBuilt(one))) {
    const stamp = stampOf(part.sources);
    process.stdout.write(`Building the ${part.name} ...\n`);
    await part.make();
    mkdirSync(dist, { recursive: true });
    writeFileSync(stampFileOf(part), stamp);
  }
}

/** Builds what is out of date, in a process of its own: bundlers leave hundreds of megabytes behind. */
export function build() {
  if (parts.every(isBuilt)) return;
  execFileSync(process.execPath, [join(root, 'tools/build.mjs')], { cwd: root, stdio: 'inherit' });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { install } = await import('./install.mjs');
  install();
  await buildHere();
}
