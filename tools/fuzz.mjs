// `npm run fuzz -- [--minutes 30] [--seed 1]`: gives every parser that meets strangers' bytes broken ones, and says what
// crashed, hung or filled the memory. Ends with 1 when something did.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { install } from './install.mjs';
import { root } from './root.mjs';

install({ development: true });
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const hangSeconds = 60;
const maxMemoryMiB = 1500;
// Each in a process of its own, one after the other, with its part of the time.
const scripts = ['cluster/fuzz/fuzz-process.ts', 'e2e/security/fuzz/fuzz-process.ts'];
const duration = String((Number(values.minutes) * 60) / scripts.length);
const findings = [];
const say = (text) => process.stdout.write(`${text}\n`);

/** The CPU time of the process, which a busy machine gives it late; where nobody tells it, the time of day. */
function secondsOf(child, known) {
  if (!existsSync('/proc/self/stat')) return Date.now() / 1000;
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return known; // it has ended
  }
}

/** Runs one of them; what it finds is added, and so is that it hung, ended by itself or grew. */
async function fuzz(script) {
  const found = findings.length;
  const state = { inputs: 0, memoryMiB: 0, at: undefined, heardSeconds: 0 };
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, script), duration, values.seed], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seconds = () => secondsOf(child, state.heardSeconds);
  state.heardSeconds = seconds();
  const watchdog = setInterval(() => {
    if (child.killed || seconds() - state.heardSeconds < hangSeconds) return;
    findings.push({ ...state.at, problem: `hangs for more than ${hangSeconds} s` });
    child.kill('SIGKILL');
  }, 1000);
  for await (const line of createInterface(child.stdout)) {
    const { doing, seed, finding, done = 0, memoryMiB } = JSON.parse(line);
    state.heardSeconds = seconds();
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
  if (code !== 0 && findings.length === found)
    findings.push({ ...state.at, problem: `the process ended with ${code}` });
  if (state.memoryMiB > maxMemoryMiB) findings.push({ problem: `the memory grew to ${state.memoryMiB} MiB` });
  say(`${script}: ${state.inputs} inputs, ${state.memoryMiB} MiB at most, ${findings.length - found} findings`);
}

for (const script of scripts) await fuzz(script);
for (const finding of findings.filter(({ input }) => !input)) say(JSON.stringify(finding));
process.exitCode = findings.length > 0 ? 1 : 0;
