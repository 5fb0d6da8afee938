// `npm run bench [-- NAME...]`: measures the budgets and prints each beside its peer's figure.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { root } from './root.mjs';

install({ development: true });
build();
execFileSync(process.execPath, ['--import', 'tsx', join(root, 'tools/bench/run.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
