// `npm run fuzz -- [--minutes 30] [--seed 1]`: gives every parser that meets strangers' bytes broken ones, and says what
// crashed, hung or filled the memory. Ends with 1 when something did.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { install } from './install.mjs';
import { root } from './root.mjs';

install({ development: true });
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const hangMs = 60_000;
const maxMemoryMiB = 1500;
const findings = [];
const state = { inputs: 0, memoryMiB: 0, at: undefined, heardMs: Date.now() };
const say = (text) => process.stdout.write(`${text}\n`);

const script = join(root, 'cluster/fuzz/fuzz-process.ts');
const seconds = String(Number(values.minutes) * 60);
const child = spawn(process.execPath, ['--import', 'tsx', script, seconds, values.seed], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const watchdog = setInterval(() => {
  if (Date.now() - state.heardMs < hangMs) return;
  findings.push({ ...state.at, problem: `hangs for more than ${hangMs / 1000} s` });
  child.kill('SIGKILL');
}, 1000);
for await (const line of createInterface(child.stdout)) {
  const { doing, seed, finding, done = 0, memoryMiB } = JSON.parse(line);
  state.heardMs = Date.now();
  state.inputs += done;
  if (doing) state.at = { target: doing, seed };
  if (finding) {
    findings.push(finding);
    say(`${finding.target}, seed ${finding.seed}: ${finding.problem}\n  ${finding.input.slice(0, 200)}`);
  }
  if (memoryMiB > state.memoryMiB) state.memoryMiB = memoryMiB;
}
clearInterval(watchdog);
const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)));
if (code !== 0 && findings.length === 0) findings.push({ ...state.at, problem: `the process ended with ${code}` });
if (state.memoryMiB > maxMemoryMiB) findings.push({ problem: `the memory grew to ${state.memoryMiB} MiB` });
say(`${state.inputs} inputs, ${state.memoryMiB} MiB at most, ${findings.length} findings`);
for (const finding of findings.filter(({ input }) => !input)) say(JSON.stringify(finding));
process.exitCode = findings.length > 0 ? 1 : 0;
