// `npm test`: installs what is missing, runs every suite, and ends with `N passed, N failed`.
//   --only unit|e2e|real   runs one suite
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findComponent, installComponents } from './components.mjs';
import { install } from './install.mjs';
import { root } from './root.mjs';

install({ development: true });
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const reports = mkdtempSync(join(tmpdir(), 'freehold-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

function say(text) {
  process.stdout.write(`${text}\n`);
}

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Runs vitest, adds its counts to the totals; a run that tells no counts is a failure. */
async function vitest(name, args, { prefix = [], env = {} } = {}) {
  const report = join(reports, `${name}.json`);
  const words = [...prefix, process.execPath, join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args];
  const code = await run(
    words[0],
    [...words.slice(1), '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    env,
  );
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  totals.passed += counts.numPassedTests ?? 0;
  totals.skipped += counts.numPendingTests ?? 0;
  totals.failed += Math.max(counts.numFailedTests ?? 0, code === 0 ? 0 : 1);
}

const suites = {
  unit: () => vitest('unit', []),
  async e2e() {
    const executable = findComponent('chromium');
    if (!executable) return say('SKIPPED e2e: no Chromium here, and it cannot be installed (needs root and apt)');
    await vitest('e2e', ['--config', 'e2e/vitest.config.ts'], { env: { FREEHOLD_CHROMIUM: executable } });
  },
  async real() {
    const script = join(root, 'tools/real/cluster.sh');
    if ((await run('bash', [script, 'can'])) !== 0)
      return say('SKIPPED real: no real Kubernetes can be started here (the line above says why)');
    if ((await run('bash', [script, 'up'])) !== 0) {
      totals.failed += 1;
      return say('FAILED real: the real Kubernetes did not start');
    }
    try {
      const kubeconfig = join(process.env.STATE ?? join(tmpdir(), 'freehold-real-cluster'), 'pki/admin.kubeconfig');
      const env = { FREEHOLD_KUBECONFIG: kubeconfig, FREEHOLD_CHROMIUM: findComponent('chromium') ?? '' };
      await vitest('real', ['--config', 'e2e/vitest.config.ts'], { prefix: ['bash', script, 'run'], env });
    } finally {
      await run('bash', [script, 'down']);
    }
  },
};

const chosen = Object.keys(suites).filter((name) => !only || name === only);
if (chosen.length === 0) throw new Error(`there is no suite "${only}"; there are ${Object.keys(suites).join(', ')}`);
if (chosen.some((name) => name !== 'unit')) {
  const { build } = await import('./build.mjs');
  build();
}
installComponents([
  ...(chosen.includes('unit') || chosen.includes('e2e') ? ['redis', 'slapd', 'cas'] : []),
  ...(chosen.some((name) => name !== 'unit') ? ['chromium'] : []),
]);
for (const name of chosen) await suites[name]();
say(`\n${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
