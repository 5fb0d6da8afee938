// Fuzzes for a while and says on standard output what it is about to do and what it has found, one JSON line each: the
// process that started it can tell where it hangs. usage: node --import tsx fuzz-process.ts SECONDS FIRST_SEED
import { writeSync } from 'node:fs';
import { fuzzTarget } from './fuzz-target.ts';
import { targets } from './targets.ts';

const [seconds = '60', firstSeed = '1'] = process.argv.slice(2);
const inputsAtOnce = 500;
const endMs = Date.now() + Number(seconds) * 1000;
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const all = await targets();
for (let seed = Number(firstSeed); Date.now() < endMs; seed++) {
  for (const target of all) {
    say({ doing: target.name, seed });
    for (const finding of await fuzzTarget(target, seed, inputsAtOnce)) say({ finding });
  }
  say({ done: inputsAtOnce * all.length, memoryMiB: Math.round(process.memoryUsage().rss / 2 ** 20) });
}
