// `npm run difftest:real`: asks a real kube-apiserver and the embedded one the same requests, and says where they differ.
//   --record        makes what the real one answers the recordings that the tests compare with
//   --only a,b      asks the requests of these scenarios alone
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { compareLive } from '../../cluster/conformance/requests/compare-live.ts';

const script = join(import.meta.dirname, 'control-plane.sh');
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const run = (...args: string[]): string =>
  execFileSync('bash', [script, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

function canRun(): boolean {
  try {
    run('can');
    return true;
  } catch (error) {
    say(`SKIPPED: ${String((error as { stdout?: unknown }).stdout).trim()}`); // what the script has printed
    return false;
  }
}

if (canRun()) {
  try {
    const kubeconfig = run('up').split('\n').at(-1) ?? '';
    const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
    const found = await compareLive({
      kubeconfig,
      record: process.argv.includes('--record'),
      ...(process.argv.includes('--only') && only && { only }),
    });
    for (const { step, request, found: lines } of found)
      say([`${step}: ${request}`, ...lines.slice(0, 8).map((line) => `    ${line}`)].join('\n'));
    say(`\n${found.length} answers differ`);
  } finally {
    run('down');
  }
}
