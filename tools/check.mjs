// `npm run check`: types, lint, format, unused code, the tree. Ends with 1 when any of them finds something.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install } from './install.mjs';
import { root } from './root.mjs';

install({ development: true });
const bin = (name) => join(root, 'node_modules', name);
const steps = [
  ['types', bin('typescript7/bin/tsc'), ['-p', 'tsconfig.json']],
  ['types of the console', bin('typescript7/bin/tsc'), ['-p', 'tsconfig.console.json']],
  ['format', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']],
  ['unused code', bin('knip/bin/knip.js'), ['--no-progress']],
  ['tree', bin('vitest/vitest.mjs'), ['run', 'tools/tree', 'tools/lint']],
  ['lint', bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']],
];

function run([name, script, args]) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--max-old-space-size=6000', script, ...args], { cwd: root });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => {
      process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}\n${code === 0 ? '' : output}`);
      resolve(code === 0);
    });
  });
}

const wanted = process.argv.slice(2);
const chosen = wanted.length > 0 ? steps.filter(([name]) => wanted.some((word) => name.startsWith(word))) : steps;
const lint = chosen.filter(([name]) => name === 'lint').map(run); // the longest runs beside the others
let good = true;
for (const step of chosen.filter(([name]) => name !== 'lint')) good = (await run(step)) && good;
good = (await Promise.all(lint)).every(Boolean) && good;
process.exitCode = good ? 0 : 1;
