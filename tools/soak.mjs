// npm run soak: churn, disconnects and slow readers for an hour, or FREEHOLD_SOAK_SECONDS.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { root } from './root.mjs';

install({ development: true });
build();
execFileSync(process.execPath, ['--import', 'tsx', join(root, 'tools/soak/soak.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
