#!/usr/bin/env node
// `npx freehold [up] ...` is `npm start -- ...`; `npx freehold cluster ...` is the embedded Kubernetes alone.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { root } from './root.mjs';

const [command, ...rest] = process.argv.slice(2);
install();
const { build } = await import('./build.mjs');
build();
const { main } = await import(
  pathToFileURL(join(root, `dist/single/${command === 'cluster' ? 'cluster-main' : 'main'}.js`)).href
);
await main(command === 'cluster' || command === 'up' ? rest : process.argv.slice(2));
