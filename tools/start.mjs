// `npm start`: installs and builds what is missing, then runs the platform in this process.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { root } from './root.mjs';

install();
const { build } = await import('./build.mjs');
build();
const { main } = await import(pathToFileURL(join(root, 'dist/single/main.js')).href);
await main(process.argv.slice(2));
