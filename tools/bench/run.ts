import { cpus, loadavg, release, totalmem } from 'node:os';
import { mebibytes, table, type Figure } from './report.ts';

// Each is loaded when it is wanted: what it measures may be a good part of the platform.
const benches: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: async () => (await import('./start.ts')).startFigures(),
  console: async () => (await import('./console.ts')).consoleFigures(),
  iam: async () => (await import('./iam.ts')).iamFigures(),
  'api-server': async () => (await import('./api-server.ts')).apiServerFigures(),
  'side-by-side': async () => (await import('./side-by-side.ts')).sideBySideFigures(),
  scale: async () => (await import('./scale.ts')).scaleFigures(),
  large: async () => (await import('./large.ts')).largeFigures(),
  resources: async () => (await import('./resources/resources.ts')).listFigures(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0)
  throw new Error(`there is no bench "${unknown.join('", "')}"; there are ${Object.keys(benches).join(', ')}`);

const load = loadavg()[0]?.toFixed(1) ?? '?';
process.stdout.write(
  `${cpus().length} cores (${cpus()[0]?.model ?? '?'}), load ${load}, ${mebibytes(totalmem())}, Linux ${release()}, Node ${process.version}\n\n`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`### ${name}\n\n${table(await bench())}\n\n`);
}
