import { cpus, release, totalmem } from 'node:os';
import { apiServerFigures } from './api-server.ts';
import { authorizationFigures } from './authorization.ts';
import { listFigures } from './lists.ts';
import { mebibytes, table, type Figure } from './report.ts';
import { startFigures } from './start.ts';

const benches: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: startFigures,
  authorization: authorizationFigures,
  'api-server': apiServerFigures,
  resources: listFigures,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0)
  throw new Error(`there is no bench "${unknown.join('", "')}"; there are ${Object.keys(benches).join(', ')}`);

process.stdout.write(
  `${cpus().length} cores (${cpus()[0]?.model ?? '?'}), ${mebibytes(totalmem())}, Linux ${release()}, Node ${process.version}\n\n`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`### ${name}\n\n${table(await bench())}\n\n`);
}
